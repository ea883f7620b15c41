// pronote-api's example with plain `fetch` in the place of the library: arguments are the gateway and a Pronote.
const [, , gateway, url] = process.argv;
const username = 'demonstration';
const password = 'pronotevs';

async function post(path, body, token) {
    const headers = { 'Content-Type': 'application/json', ...(token && { Token: token }) };
    const answer = await fetch(gateway + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const result = await answer.json();
    if (!answer.ok) {
        throw result;
    }
    return result;
}

async function main() {
    const { token } = await post('/auth/login', { url, username, password });
    const { data } = await post('/graphql', {
        query: '{ user { name studentClass { name } } timetable(from: "2026-11-20") { room } marks { averages { student } } }'
    }, token);
    console.log(data.user.name);
    console.log(data.user.studentClass.name);
    console.log(`L'élève a ${data.timetable.length} cours aujourd'hui`);
    console.log(`et a pour l'instant une moyenne de ${data.marks.averages.student} ce trimestre.`);
    await post('/auth/logout', {}, token);
}

main().catch(err => {
    if (err.code === 3) {
        console.error('Mauvais identifiants');
    } else {
        console.error(err);
    }
    process.exitCode = 1;
});
