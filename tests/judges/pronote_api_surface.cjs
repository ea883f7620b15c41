// Use every function pronote-api publishes against a Pronote, and print what came of it as JSON.
// Arguments: folder with its node_modules, root of a Pronote of 2022, root of one behind a portal, a ticket for it.
'use strict';

const http = require('http');
const https = require('https');
const path = require('path');

const [, , folder, root, portalRoot, ticket] = process.argv;
const library = path.join(folder, 'node_modules', 'pronote-api-maintained');
const pronote = require(library);

const USERNAME = 'demonstration';
const PASSWORD = 'pronotevs';
const FROM = new Date(2026, 10, 16);
const TO = new Date(2026, 10, 21);
const results = {};

// The geolocation service has a fixed address on the Internet: lead it to the simulator.
const origin = new URL(root);
https.request = (options, callback) => http.request(
    { ...options, agent: undefined, hostname: origin.hostname, port: origin.port }, callback
);

async function use(name, call) {
    try {
        results[name] = { value: await call() };
    } catch (error) {
        results[name] = { error: error && error.stack || JSON.stringify(error) };
    }
    return results[name].value;
}

async function refusal(call) {
    try {
        await call();
    } catch (error) {
        return error.code;
    }
    return null;
}

async function newSession() {
    const start = await pronote.getStart(`${root}/`, USERNAME, PASSWORD, 'none', 'student');
    const session = new pronote.PronoteSession({
        serverURL: `${root}/`, sessionID: start.h, type: 'student',
        disableAES: !!start.sCrA, disableCompress: !!start.sCoA, keyModulus: start.MR, keyExponent: start.ER
    });
    return { start, session };
}

async function startingUp() {
    const { start, session } = await newSession();
    await use('getStart', () => ({ session: start.h, space: start.a, modulus: start.MR.length }));
    await use('PronoteSession', () => session.type.name);
    session.params = await use('fetchParams', () => pronote.fetchParams(session));
    const id = await use('fetchAuthId', () => pronote.fetchAuthId(session, USERNAME, false));
    const { getLoginKey } = require(path.join(library, 'src', 'cipher.js'));
    const key = getLoginKey(USERNAME, PASSWORD, id.scramble, false);
    const challenge = await use('decipher', () => pronote.decipher(session, id.challenge, { scrambled: true, key }));
    await use('cipher', () => pronote.cipher(session, challenge, { key }));
    const cle = await use('fetchAuthKey', () => pronote.fetchAuthKey(session, challenge, key));
    session.aesKey = pronote.decipher(session, cle, { key, asBytes: true });
    session.user = await use('fetchUser', () => pronote.fetchUser(session));

    const other = (await newSession()).session;
    other.params = await pronote.fetchParams(other);
    await use('auth', async () => {
        await pronote.auth(other, USERNAME, PASSWORD, false);
        return (await pronote.fetchUser(other)).name;
    });
    return session;
}

async function lowLevel(session) {
    const user = session.user;
    const period = session.params.periods[0];
    await use('fetchTimetableDaysAndWeeks', () => pronote.fetchTimetableDaysAndWeeks(session, user));
    const week = await use('toPronoteWeek', () => pronote.toPronoteWeek(session, FROM));
    await use('toUTCWeek', () => pronote.toUTCWeek(FROM));
    const day = await use('toPronoteDay', () => pronote.toPronoteDay(session, FROM));
    await use('fromPronoteDay', () => pronote.fromPronoteDay(session, day));
    await use('toPronoteDate', () => pronote.toPronoteDate(FROM));
    await use('fetchTimetable', () => pronote.fetchTimetable(session, user, week));
    await use('fetchMarks', () => pronote.fetchMarks(session, user, period));
    await use('fetchEvaluations', () => pronote.fetchEvaluations(session, user, period));
    await use('fetchAbsences', () => pronote.fetchAbsences(session, user, period, period.from, period.to));
    await use('fetchInfos', () => pronote.fetchInfos(session, user));
    await use('fetchContents', () => pronote.fetchContents(session, user, week, week));
    await use('fetchHomeworks', () => pronote.fetchHomeworks(session, user, week, week + 1));
    await use('fetchMenu', () => pronote.fetchMenu(session, user, FROM));
    const files = await use('fetchFiles', () => pronote.fetchFiles(session, user));
    await use('navigate', () => pronote.navigate(session, user, 'PageMenus', 10, ['student'], {
        date: { _T: 7, V: pronote.toPronoteDate(FROM) }
    }));
    await use('request', () => pronote.request(session, 'PageInfosPerso', { _Signature_: { onglet: 49 } }));
    await use('keepAlive', () => pronote.keepAlive(session));
    const stored = files.listeRessources.V.map(f => f.ressource.V).find(f => f.G === 1);
    const url = await use('getFileURL', () => pronote.getFileURL(
        session, { id: stored.N, name: stored.L, type: stored.G }
    ));
    await use('http', async () => (await pronote.http({ url, binary: true })).toString('latin1').slice(0, 5));
    const table = results.fetchTimetable.value;
    await use('iCal', async () => (await pronote.http({ url: table.iCalURL })).split('\r\n')[0]);
}

async function everything(session, student) {
    const who = student ? [student] : [];
    const name = student ? 'parent' : 'student';
    const methods = {
        timetable: [FROM, TO], marks: ['Trimestre 1'], evaluations: ['Trimestre 1'], absences: ['Trimestre 1'],
        infos: [], contents: [FROM, TO], homeworks: [FROM, TO], menu: [FROM, TO], files: []
    };
    for (const [method, values] of Object.entries(methods)) {
        await use(`${name}.${method}`, () => session[method](...who, ...values));
    }
    await use(`${name}.keepAlive`, () => session.keepAlive());
    await use(`${name}.setKeepAlive`, () => new Promise((resolve, reject) => {
        const keepAlive = session.keepAlive;
        session.keepAlive = async () => {
            await keepAlive();
            session.setKeepAlive(false);
            session.keepAlive = keepAlive;
            resolve(session.isKeptAlive);
        };
        session.setKeepAlive(true, reject, 0.05);
    }));
    await use(`${name}.logout`, async () => {
        await session.logout();
        return refusal(() => session.infos(...who));
    });
}

async function throughPortal() {
    await use('getCAS', async () => [await pronote.getCAS(root), await pronote.getCAS(portalRoot)]);
    await use('auth after a portal', async () => {
        const page = await pronote.http({ url: `${portalRoot}/eleve.html?ticket=${ticket}` });
        const start = require(path.join(library, 'src', 'cas', 'api.js')).extractStart(page);
        const session = new pronote.PronoteSession({
            serverURL: `${portalRoot}/`, sessionID: start.h, type: 'student', disableAES: false,
            disableCompress: false, keyModulus: start.MR, keyExponent: start.ER
        });
        session.params = await pronote.fetchParams(session);
        await pronote.auth(session, start.e, start.f, true);
        session.user = await pronote.fetchUser(session);
        return session.user.name;
    });
}

async function main() {
    await lowLevel(await startingUp());
    await use('errors', () => Object.values(pronote.errors).map(error => error.code));
    await use('casList', () => pronote.casList.length);
    await use('geo', () => pronote.geo(48.8, 2.3));
    const student = await use('login', () => pronote.login(`${root}/eleve.html`, USERNAME, PASSWORD));
    await everything(student);
    const parent = await use('loginParent', () => pronote.loginParent(root, USERNAME, PASSWORD));
    await everything(parent, parent.user.students[1]);
    await use('wrong password', () => refusal(() => pronote.login(root, USERNAME, 'wrong')));
    await use('unknown user', () => refusal(() => pronote.login(root, 'nobody', PASSWORD)));
    await throughPortal();

    const seen = new Set();
    const session = ['login', 'loginParent'];
    session.forEach(name => { results[name].value = results[name].value && results[name].value.user; });
    process.stdout.write(JSON.stringify({
        exported: Object.keys(pronote),
        methods: Object.keys(student).filter(key => typeof student[key] === 'function').concat('setKeepAlive'),
        results
    }, (key, value) => {
        if (value && typeof value === 'object') {
            if (seen.has(value) && typeof value.toHex === 'function') {
                return undefined;
            }
            seen.add(value);
        }
        return value;
    }));
}

main().catch(error => {
    console.error(error);
    process.exit(1);
});
