"""`python -m carillon_scraper`: run the service."""

import sys

from carillon_kit import logs, serving
from carillon_kit.sources_file import SourcesFileError

from carillon_scraper.app import create_app
from carillon_scraper.settings import Settings


def main() -> None:
    """Serve; exits with status 2 and every mistake if settings or sources file are wrong."""
    settings = Settings.from_environment()
    logs.configure("scraper", settings.log_level)
    try:
        app = create_app(settings)
    except SourcesFileError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    serving.serve(app, settings)


if __name__ == "__main__":
    main()
