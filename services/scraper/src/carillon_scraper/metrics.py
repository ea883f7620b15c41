"""What `/metrics` says of the scraper, beside the process's own figures."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("carillon_scraper_requests", "Requests to other people's servers.", ["host", "outcome"])
RECEIVED = Counter("carillon_scraper_received_bytes", "Bytes of answers, unpacked.", ["host"])
CIRCUIT_OPEN = Gauge("carillon_scraper_circuit_open", "1 while a host is left alone after failures.", ["host"])
READS = Counter(
    "carillon_scraper_reads", "Reads of sources, by `read` or the code of the failure.", ["source", "outcome"]
)
READ_SECONDS = Histogram(
    "carillon_scraper_read_seconds", "Time of one read of a source, pauses included.", buckets=(1, 5, 15, 60, 300, 1800)
)
LAST_READ = Gauge("carillon_scraper_last_read_timestamp_seconds", "When a source was last read to the end.", ["source"])
SNAPSHOTS = Counter("carillon_scraper_snapshots", "Snapshots of a calendar's week.", ["source", "outcome"])
SKIPPED = Gauge("carillon_scraper_skipped_entries", "Entries of the last read that could not be placed.", ["source"])
