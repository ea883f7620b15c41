"""`python -m carillon_rooms` serves free rooms on CARILLON_HOST and CARILLON_PORT."""

import sys

from carillon_kit import logs
from carillon_kit.serving import serve

from carillon_rooms.app import create_app
from carillon_rooms.room_policy import RoomPolicyError
from carillon_rooms.settings import RoomsSettings


def main() -> None:
    """Run until told to stop; status 2 if the settings or the room policy cannot be used."""
    settings = RoomsSettings.from_environment()
    logs.configure("rooms", settings.log_level)
    try:
        app = create_app(settings)
    except RoomPolicyError as error:
        sys.stderr.writelines(f"CARILLON_ROOM_POLICY: {problem}\n" for problem in error.problems)
        sys.exit(2)
    serve(app, settings)


if __name__ == "__main__":
    main()
