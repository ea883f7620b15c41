// Run with pronote-api: sign in through each of its portals, and print what came of it as JSON.
// Arguments: folder of pronote-api, JSON object {pages: {name: Pronote root}, username, password}.
const path = require('path');

const folder = path.join(process.argv[2], 'node_modules', 'pronote-api-maintained');
const pronote = require(folder);
const portals = require(path.join(folder, 'src', 'cas'));
const given = JSON.parse(process.argv[3]);

async function tryPortal(name) {
    try {
        const session = await pronote.login(given.pages[name], given.username, given.password, name);
        const pupil = session.user.name;
        await session.logout();
        return `signed in: ${pupil}`;
    } catch (error) {
        return error.code === undefined ? String(error.message) : `error ${error.code}`;
    }
}

async function main() {
    const results = {};
    const waiting = Object.keys(portals).filter(each => each in given.pages).values();
    async function tryTheRest() {
        for (const name of waiting) {
            results[name] = await tryPortal(name);
        }
    }
    await Promise.all(Array.from({ length: 8 }, tryTheRest)); // side by side: each mostly waits
    process.stdout.write(JSON.stringify(results), () => process.exit(0));
}

main();
