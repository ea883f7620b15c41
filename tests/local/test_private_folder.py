"""PostgreSQL starts from a folder that is closed to all but its owner, as a clone below root's home is."""

import shutil
from pathlib import Path

import asyncpg
from carillon_local import postgresql
from carillon_servers import running_postgresql, short_folder


async def test_programs_and_data_may_lie_where_only_their_owner_gets(monkeypatch) -> None:
    with short_folder() as name:
        private = Path(name)
        private.chmod(0o700)
        installed = postgresql.binaries()
        wheel, packages = installed.parents[1], installed.parents[2]
        for folder in packages.glob(f"{wheel.name}*"):  # the programs, and beside them their libraries
            shutil.copytree(folder, private / folder.name, symlinks=True)
        monkeypatch.setenv("CARILLON_POSTGRES_BINARIES", str(private / installed.relative_to(packages)))
        with running_postgresql(private) as url:
            connection = await asyncpg.connect(url.replace("+asyncpg", ""))
            assert await connection.fetchval("select 1") == 1
            await connection.close()
