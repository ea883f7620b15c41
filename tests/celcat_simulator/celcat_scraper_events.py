"""Run with celcat-scraper: log in, read the events of a range, and print them as JSON.

Arguments: address of the site, name, password, first day, day after the last.
"""

import asyncio
import json
import sys
from datetime import date

from aiohttp import ClientSession
from celcat_scraper import CelcatConfig, CelcatFilterConfig, CelcatScraperAsync


async def main() -> None:
    address, name, password, first, end = sys.argv[1:]
    # The library's own session passes a timeout that today's aiohttp refuses; it takes one from outside.
    async with ClientSession() as session:
        config = CelcatConfig(
            url=address, username=name, password=password, rate_limit=0, session=session,
            filter_config=CelcatFilterConfig(filters=set()),
        )  # fmt: skip
        async with CelcatScraperAsync(config) as scraper:
            events = await scraper.get_calendar_events(date.fromisoformat(first), date.fromisoformat(end))
    sys.stdout.write(json.dumps(events, default=str))


asyncio.run(main())
