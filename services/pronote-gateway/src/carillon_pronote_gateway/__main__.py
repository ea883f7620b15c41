"""`python -m carillon_pronote_gateway`: serve."""

import sys

from carillon_kit import logs
from carillon_kit.serving import serve
from carillon_kit.sources_file import SourcesFileError

from carillon_pronote_gateway.app import create_app
from carillon_pronote_gateway.settings import Settings


def main() -> None:
    """Read the settings and serve."""
    settings = Settings.from_environment()
    logs.configure("pronote-gateway", settings.log_level)
    try:
        app = create_app(settings)
    except (ValueError, SourcesFileError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    serve(app, settings)


if __name__ == "__main__":
    main()
