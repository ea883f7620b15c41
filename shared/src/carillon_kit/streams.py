"""The streams and the bucket that the services meet at, made by whoever comes first."""

from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, KeyValueConfig, StorageType, StreamConfig
from nats.js.errors import BadRequestError, BucketNotFoundError
from nats.js.kv import KeyValue

OBSERVED = "OBSERVED"
CHANGED = "CHANGED"
OCCUPANCY = "occupancy"

_DAY_S = 24 * 3600.0


def _stream_configs(replicas: int) -> list[StreamConfig]:
    return [
        # Only the newest snapshot of a calendar's week matters, so the stream keeps one message a subject.
        StreamConfig(
            name=OBSERVED,
            subjects=["observed.>", "source.>"],
            max_msgs_per_subject=1,
            discard=DiscardPolicy.OLD,
            storage=StorageType.FILE,
            num_replicas=replicas,
            duplicate_window=10 * 60.0,
        ),
        StreamConfig(
            name=CHANGED,
            subjects=["changed.>"],
            max_age=30 * _DAY_S,
            max_msgs=1_000_000,  # a limit in bytes would be set aside at once, and refused where a disk is small
            discard=DiscardPolicy.OLD,
            storage=StorageType.FILE,
            num_replicas=replicas,
            duplicate_window=10 * 60.0,
        ),
    ]


async def ensure(js: JetStreamContext, replicas: int) -> None:
    """Make the streams and the bucket, or bring them to this configuration."""
    for config in _stream_configs(replicas):
        try:
            await js.add_stream(config)
        except BadRequestError:  # it is there with another configuration
            await js.update_stream(config)
    await occupancy_bucket(js, replicas)


async def occupancy_bucket(js: JetStreamContext, replicas: int = 1) -> KeyValue:
    """The bucket of `RoomWeek`, `Coverage` and `SourceStates`."""
    try:
        return await js.key_value(OCCUPANCY)
    except BucketNotFoundError:
        config = KeyValueConfig(bucket=OCCUPANCY, history=1, storage=StorageType.FILE, replicas=replicas)
        return await js.create_key_value(config)
