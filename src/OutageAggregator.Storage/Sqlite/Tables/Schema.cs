namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>
/// The tables. Facts only; the one derived table (incidents) is written in the transaction of its facts.
/// <code>
///   journal            what was appended and taken back, with reporters (PackedReports)      kept 25 hours
///   hours              counts: a packed blob per hour, service and region (HourCells)        kept 13 months, those of incidents for ever; folded from the journal
///   reporter_sketches  distinct reporters: a sketch per quarter of an hour, service, region  kept as long as its hour; folded from the journal
///   amended            reports that were told of since: where each is counted now            kept as long as its row of the journal
///   remarks            comments, for the operator                                            kept 30 days
///   observed           stretches of minutes in which reports could be taken                  kept for ever (a row a stretch)
///   events             the incident log                                                      kept for ever
///   incidents          each incident's newest event, for finding                             derived from events
///   reviews            what operators said of incidents                                      kept for ever
///   shadow_events, shadow_incidents   the same two, of what a candidate detector would have said   kept for ever; they keep no counts alive
///   shadow_runs        which candidate runs since when; an empty name where none does        kept for ever (a row a change)
///   repeated_batches   what partners' batches are called, when each was first seen (UTC ticks), hash of its body   kept a day or little longer
///   cursors            how far each consumer of the incident log has come                    kept for ever (a row a consumer)
///   proposals          names that people report under and no service has (IProposalStore)    kept 30 days after the last report, 300 at most
///   proposal_cells     their reports by minute and region                                    kept 28 days, 4,096 of each
///   proposal_turns, proposal_names   who named what, and how many, in the last half hours    kept an hour
///   accepted_services  services that were proposed and accepted (StoredAcceptance)              kept for ever
///   state              folded_seq: the journal row up to which hours and sketches are folded; observed_at: the newest instant noted
/// </code>
/// Hours and quarters are numbered from 1970, minutes too; instants are milliseconds since then. Hours and sketches lie by time first,
/// WITHOUT ROWID: what is written, what home pages read and what is pruned are neighbours, and a chart of a day is 24 look-ups for one
/// region and for all. The journal is a rowid table: rows arrive, and are pruned, in order of <c>seq</c>, at the two ends of one tree.
/// Rejected: a row per report (an index entry per report and per chart) and a row per minute.
/// </summary>
internal static class Schema
{
    /// <summary>The version this program writes; a file of a newer one is refused, one of an older one is brought up to it.</summary>
    public static int Version => s_steps.Length;

    // "OutA": tells our file from any other SQLite database.
    private const int ApplicationId = 0x4F757441;

    private const string Tables = """
        CREATE TABLE hours (
            hour INTEGER NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL, cells BLOB NOT NULL,
            PRIMARY KEY (hour, service, region)) STRICT, WITHOUT ROWID;

        CREATE TABLE reporter_sketches (
            quarter INTEGER NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL, sketch BLOB NOT NULL,
            PRIMARY KEY (quarter, service, region)) STRICT, WITHOUT ROWID;

        CREATE TABLE journal (
            seq INTEGER PRIMARY KEY, id BLOB, service TEXT NOT NULL, region TEXT NOT NULL,
            received_at INTEGER NOT NULL, reports BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX journal_of_batch ON journal (id) WHERE id IS NOT NULL;

        CREATE TABLE remarks (
            seq INTEGER PRIMARY KEY, batch BLOB NOT NULL, place INTEGER NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL,
            received_at INTEGER NOT NULL, comment TEXT, went_to TEXT) STRICT;
        CREATE INDEX remarks_of_report ON remarks (batch, place);

        CREATE TABLE observed (from_minute INTEGER PRIMARY KEY, to_minute INTEGER NOT NULL) STRICT;
        CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    private const string Reviews = """
        CREATE TABLE reviews (
            position INTEGER PRIMARY KEY, service TEXT NOT NULL, incident INTEGER NOT NULL, verdict INTEGER NOT NULL, reason TEXT NOT NULL,
            reviewed_at INTEGER NOT NULL, key_name TEXT NOT NULL) STRICT;
        CREATE INDEX reviews_of_incident ON reviews (service, incident, position);
        """;

    private const string ShadowRuns =
        "CREATE TABLE shadow_runs (number INTEGER PRIMARY KEY, detector TEXT NOT NULL, since INTEGER NOT NULL) STRICT;";

    // In order of arrival, so that the oldest ones are pruned at the end of the tree.
    private const string RepeatedBatches = """
        CREATE TABLE repeated_batches (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, body BLOB NOT NULL, seen_at INTEGER NOT NULL,
            is_of_earlier_version INTEGER NOT NULL) STRICT;
        """;

    private const string Cursors = "CREATE TABLE cursors (consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

    // In order of their batches' ids, which begin with the time, so that the oldest ones are pruned at the end of the tree.
    private const string Amended = """
        CREATE TABLE amended (
            batch BLOB NOT NULL, place INTEGER NOT NULL, cell INTEGER NOT NULL, region TEXT NOT NULL, received_at INTEGER NOT NULL,
            PRIMARY KEY (batch, place)) STRICT, WITHOUT ROWID;
        ALTER TABLE remarks ADD COLUMN went_to_worked INTEGER;
        """;

    // Turns and names are of an hour at most; what an hour of one name holds is found and removed by its time.
    private const string Proposals = """
        CREATE TABLE proposals (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, domain TEXT, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
            reports INTEGER NOT NULL) STRICT;
        CREATE TABLE proposal_cells (
            proposal INTEGER NOT NULL, minute INTEGER NOT NULL, region TEXT NOT NULL, reports INTEGER NOT NULL,
            PRIMARY KEY (proposal, minute, region)) STRICT, WITHOUT ROWID;
        CREATE TABLE proposal_turns (
            reporter BLOB NOT NULL, proposal INTEGER NOT NULL, region TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (reporter, proposal)) STRICT, WITHOUT ROWID;
        CREATE TABLE proposal_names (
            half_hour INTEGER NOT NULL, reporter BLOB NOT NULL, names INTEGER NOT NULL,
            PRIMARY KEY (half_hour, reporter)) STRICT, WITHOUT ROWID;
        CREATE INDEX proposal_turns_by_time ON proposal_turns (at);
        CREATE INDEX proposal_turns_of_proposal ON proposal_turns (proposal, at);
        CREATE TABLE accepted_services (
            number INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, proposal INTEGER NOT NULL UNIQUE, body TEXT NOT NULL,
            is_moved INTEGER NOT NULL) STRICT;
        """;

    // The step at index v leads from version v to v + 1; steps that were released are never changed.
    private static readonly string[] s_steps = [Tables + Log(""), Reviews, Log("shadow_") + ShadowRuns, RepeatedBatches, Cursors, Amended, Proposals];

    private static string Log(string prefix) => $"""

        CREATE TABLE {prefix}events (
            position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, service TEXT NOT NULL, incident INTEGER, body TEXT NOT NULL) STRICT;
        CREATE INDEX {prefix}events_of_service ON {prefix}events (service, position);
        CREATE INDEX {prefix}events_of_incident ON {prefix}events (service, incident, position) WHERE incident IS NOT NULL;

        CREATE TABLE {prefix}incidents (
            service TEXT NOT NULL, number INTEGER NOT NULL, state INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
            regions TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (service, number)) STRICT, WITHOUT ROWID;
        CREATE INDEX {prefix}incidents_by_onset ON {prefix}incidents (started_at DESC, service, number);
        """;

    /// <summary>
    /// Makes the tables of an empty database, brings those of an older version up to date, and refuses one that this program can't use.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It is another program's, or a newer version's.</exception>
    public static void Prepare(Connection connection)
    {
        var version = connection.ReadNumber("PRAGMA user_version");
        var application = connection.ReadNumber("PRAGMA application_id");
        var isEmpty = connection.ReadNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (application != ApplicationId && !(isEmpty && version == 0))
        {
            throw new StoreUnavailableException(
                $"The database '{connection.Path}' is not one of OutageAggregator. Move it away, or choose another data folder.");
        }
        if (version > Version)
            throw new StoreUnavailableException($"The database '{connection.Path}' has version {version}, newer than {Version}, the newest this program knows. Run a newer program, or choose another data folder.");
        if (version < Version)
            Upgrade(connection, (int)version);
    }

    private static void Upgrade(Connection connection, int version)
    {
        connection.Execute("BEGIN IMMEDIATE");
        foreach (var step in s_steps.AsSpan(version))
            connection.Execute(step);
        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
        connection.Execute("COMMIT");
    }
}
