using OutageAggregator.Core.Windows;

namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>
/// The tables. Facts only; the one derived table (incidents) is written in the transaction of its facts.
/// <code>
///   hours              counts: a packed blob per service, region and hour (HourCells)        kept 13 months
///   reporter_sketches  distinct reporters: a sketch per service, region, quarter of an hour  kept 13 months
///   batches            journal of what was appended, with reporters (PackedReports)           kept 25 hours
///   remarks            comments, for the operator                                            kept 30 days
///   observed           stretches of minutes in which reports could be taken                  kept for ever (a row a stretch)
///   clock              the newest instant noted as observed                                  one row
///   events             the incident log                                                      kept for ever
///   incidents          each incident's newest event, for finding                             derived from events
/// </code>
/// Hours and quarters are numbered from 1970, minutes too; instants are milliseconds since then. Tables that are found by their key alone
/// are WITHOUT ROWID: the row lies in the key's tree. The journal is a rowid table for the opposite reason: rows arrive, and are pruned, in order
/// of <c>seq</c>, at the two ends of one tree. Rejected: a row per report (an index entry per report and per chart) and a row per minute.
/// </summary>
internal static class Schema
{
    /// <summary>The version this program writes; a file of a newer one is refused.</summary>
    public const int Version = 1;

    // "OutA": tells our file from any other SQLite database.
    private const int ApplicationId = 0x4F757441;

    private const string Tables = """
        CREATE TABLE hours (
            service TEXT NOT NULL, region TEXT NOT NULL, hour INTEGER NOT NULL, cells BLOB NOT NULL,
            PRIMARY KEY (service, region, hour)) STRICT, WITHOUT ROWID;
        CREATE INDEX hours_by_hour ON hours (hour);

        CREATE TABLE reporter_sketches (
            service TEXT NOT NULL, region TEXT NOT NULL, quarter INTEGER NOT NULL, sketch BLOB NOT NULL,
            PRIMARY KEY (service, region, quarter)) STRICT, WITHOUT ROWID;
        CREATE INDEX reporter_sketches_by_quarter ON reporter_sketches (quarter);

        CREATE TABLE batches (
            seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, service TEXT NOT NULL, region TEXT NOT NULL,
            received_at INTEGER NOT NULL, reports BLOB NOT NULL) STRICT;

        CREATE TABLE remarks (
            seq INTEGER PRIMARY KEY, batch BLOB NOT NULL, place INTEGER NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL,
            received_at INTEGER NOT NULL, comment TEXT, went_to TEXT) STRICT;
        CREATE INDEX remarks_of_report ON remarks (batch, place);

        CREATE TABLE observed (from_minute INTEGER PRIMARY KEY, to_minute INTEGER NOT NULL) STRICT;
        CREATE TABLE clock (only INTEGER PRIMARY KEY CHECK (only = 1), observed_at INTEGER NOT NULL) STRICT;

        CREATE TABLE events (
            position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, service TEXT NOT NULL, incident INTEGER, body TEXT NOT NULL) STRICT;
        CREATE INDEX events_of_service ON events (service, position);
        CREATE INDEX events_of_incident ON events (service, incident, position) WHERE incident IS NOT NULL;

        CREATE TABLE incidents (
            service TEXT NOT NULL, number INTEGER NOT NULL, state INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
            regions TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (service, number)) STRICT, WITHOUT ROWID;
        CREATE INDEX incidents_by_onset ON incidents (started_at DESC, service, number);
        """;

    /// <summary>Makes the tables of an empty database, and refuses one that this program can't use.</summary>
    /// <exception cref="StoreUnavailableException">It is another program's, or a newer version's.</exception>
    public static void Prepare(Connection connection)
    {
        var version = connection.ReadNumber("PRAGMA user_version");
        var application = connection.ReadNumber("PRAGMA application_id");
        var isEmpty = connection.ReadNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty && version == 0)
        {
            connection.Execute("BEGIN IMMEDIATE");
            connection.Execute(Tables);
            connection.Execute(FormattableString.Invariant($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}"));
            connection.Execute("COMMIT");
            return;
        }
        if (application != ApplicationId)
        {
            throw new StoreUnavailableException(
                $"The database '{connection.Path}' is not one of OutageAggregator. Move it away, or choose another data folder.");
        }
        if (version > Version)
        {
            throw new StoreUnavailableException(FormattableString.Invariant(
                $"The database '{connection.Path}' has version {version}, newer than {Version}, the newest this program knows. Run a newer program, or choose another data folder."));
        }
    }
}
