// Use pawnote against a Pronote: sign in each way it knows, read and write every page, and print the outcome as JSON.
// Arguments: folder with its node_modules, root of a Pronote, and its control address.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , folder, url, control] = process.argv;
const entry = createRequire(path.join(folder, 'package.json')).resolve('pawnote');
const pawnote = await import(pathToFileURL(entry));

const MONDAY = new Date(2026, 10, 16);
const FRIDAY = new Date(2026, 10, 20);
const results = {};

async function use(name, call) {
    try {
        const value = await call();
        results[name] = { ok: true };
        return value;
    } catch (error) {
        results[name] = { ok: false, error: error.stack };
        return undefined;
    }
}

async function signIns() {
    const credentials = kind => ({ url, kind, username: 'demonstration', password: 'pronotevs', deviceUUID: 'judge' });
    await use('instance', () => pawnote.instance(url));
    const first = pawnote.createSessionHandle();
    const given = await use('password', () => pawnote.loginCredentials(first, credentials(pawnote.AccountKind.STUDENT)));
    const session = pawnote.createSessionHandle();
    await use('token', () => pawnote.loginToken(session, {
        url, kind: pawnote.AccountKind.STUDENT, username: given.username, token: given.token, deviceUUID: 'judge'
    }));
    const answer = await fetch(`${control}/qr-code`, {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ address: `${url}/mobile.eleve.html`, pin: '1234' })
    });
    const qr = await answer.json();
    await use('qr code', () => pawnote.loginQrCode(pawnote.createSessionHandle(), { deviceUUID: 'qr', pin: '1234', qr }));
    const parent = pawnote.createSessionHandle();
    await use('parent', () => pawnote.loginCredentials(parent, credentials(pawnote.AccountKind.PARENT)));
    pawnote.use(parent, 1);
    await use('lessons of a child', () => pawnote.timetableFromWeek(parent, 12));
    const teacher = { ...credentials(pawnote.AccountKind.TEACHER), username: 'professeur' };
    await use('teacher', () => pawnote.loginCredentials(pawnote.createSessionHandle(), teacher));
    return session;
}

async function lessons(session) {
    const table = await use('timetableFromWeek', () => pawnote.timetableFromWeek(session, 12));
    await use('parseTimetable', () => pawnote.parseTimetable(session, table, {
        withSuperposedCanceledClasses: true, withCanceledClasses: true, withPlannedClasses: true
    }));
    await use('timetableFromIntervals', () => pawnote.timetableFromIntervals(session, MONDAY, FRIDAY));
    const work = await use('assignmentsFromWeek', () => pawnote.assignmentsFromWeek(session, 12, 13));
    await use('assignmentsFromIntervals', () => pawnote.assignmentsFromIntervals(session, MONDAY, FRIDAY));
    await use('assignmentStatus', () => pawnote.assignmentStatus(session, work[0].id, true));
    const handIn = work.find(each => each.return.canUpload);
    const file = new File(['hello'], 'a.txt');
    await use('assignmentUploadFile', () => pawnote.assignmentUploadFile(session, handIn.id, file, 'a.txt'));
    await use('assignmentRemoveFile', () => pawnote.assignmentRemoveFile(session, handIn.id));
    const contents = await use('resourcesFromWeek', () => pawnote.resourcesFromWeek(session, 12));
    await use('resource', () => pawnote.resource(session, contents[0].id));
    const withWork = contents.find(each => each.haveAssignment);
    await use('resourceAssignments', () => pawnote.resourceAssignments(session, withWork.id));
    return table.classes;
}

async function results_of_pupil(session) {
    const period = session.userResource.tabs.get(pawnote.TabLocation.Grades).defaultPeriod;
    await use('gradesOverview', () => pawnote.gradesOverview(session, period));
    await use('evaluations', () => pawnote.evaluations(session, period));
    await use('gradebook', () => pawnote.gradebook(session, period));
    await use('gradebookPDF', () => pawnote.gradebookPDF(session, period));
    await use('notebook', () => pawnote.notebook(session, period));
    await use('menus', () => pawnote.menus(session, MONDAY));
    const account = await use('account', () => pawnote.account(session));
    // pawnote reads the token of the calendar from 2024 on only.
    if (session.instance.version[0] >= 2024) {
        await use('timetableICalURL', async () => {
            const answer = await fetch(pawnote.timetableICalURL(session, account.iCalToken));
            if (!(await answer.text()).startsWith('BEGIN:VCALENDAR')) {
                throw new Error(`${answer.status} ${answer.url}`);
            }
        });
    }
    const home = await use('homepage', () => pawnote.homepage(session, MONDAY));
    await use('partnerURL', () => pawnote.partnerURL(session, home.partnerARD));
}

async function communication(session) {
    const news = await use('news', () => pawnote.news(session));
    const information = news.items.find(item => item.is === 'information');
    const survey = news.items.find(item => item.is === 'survey');
    await use('newsRead', () => pawnote.newsRead(session, information, true));
    await use('newsInformationAcknowledge', () => pawnote.newsInformationAcknowledge(session, information));
    await use('newsSurveySend', () => {
        survey.questions.forEach(each => pawnote.newsQuestionLocalMutate(each, each.choices?.length ? [1] : 'text'));
        return pawnote.newsSurveySend(session, survey);
    });
    await use('newsDelete', () => pawnote.newsDelete(session, information));
    const [discussion] = (await use('discussions', () => pawnote.discussions(session))).items;
    for (const name of ['discussionMessages', 'discussionRecipients', 'discussionRead', 'discussionTrash',
        'discussionRestoreTrash']) {
        await use(name, () => pawnote[name](session, discussion));
    }
    await use('discussionSendMessage', () => pawnote.discussionSendMessage(session, discussion, 'Bonjour'));
    const teachers = await use('newDiscussionRecipients', () => (
        pawnote.newDiscussionRecipients(session, pawnote.EntityKind.Teacher)
    ));
    await use('newDiscussion', () => pawnote.newDiscussion(session, 'Objet', 'Texte', [teachers[0]]));
    await use('presence', () => pawnote.presence(session));
}

const session = await signIns();
const classes = await lessons(session);
await results_of_pupil(session);
await communication(session);
process.stdout.write(JSON.stringify({
    results,
    lessons: classes.map(each => ({
        start: each.startDate, end: each.endDate, subject: each.subject?.name ?? null, kind: each.is,
        cancelled: each.canceled ?? false, status: each.status ?? null
    }))
}));
