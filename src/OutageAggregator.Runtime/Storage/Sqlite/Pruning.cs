namespace OutageAggregator.Runtime.Storage.Sqlite;

/// <summary>
/// Removes what is too old, a bounded number of rows a transaction, beside the writes of a group: it costs no commit of its own and no
/// write has to wait for a long delete. A slice is larger than what a group of ordinary size adds, so it keeps up. Time is what callers say
/// it is (batches, observations), so a simulated clock prunes by its own days.
/// </summary>
internal sealed class Pruning(Connection connection, StorageSettings settings)
{
    private const int Slice = 512;
    private const long PauseMilliseconds = 60_000;
    private const long DayMilliseconds = 24 * 3_600_000;

    private long? _doneAt;

    /// <summary>The instant last told, milliseconds since 1970.</summary>
    public long Now { get; set; }

    /// <summary>Removes a slice, when it is due.</summary>
    /// <param name="foldedSeq">Journal rows above this one are still needed.</param>
    public void Prune(long foldedSeq)
    {
        if (_doneAt is { } done && Math.Abs(Now - done) < PauseMilliseconds)
            return;
        var firstHour = settings.FirstHourKept(Now);
        // Rows in order of arrival: the oldest slice is looked at. One from ahead of the clock (it was set back) counts as old too.
        var more = Delete(
            "DELETE FROM journal WHERE seq IN (SELECT seq FROM journal WHERE seq <= ?2 ORDER BY seq LIMIT ?1) AND abs(received_at - ?3) > ?4",
            foldedSeq, Now, ReceiptRules.RememberedMilliseconds);
        more |= Delete(
            "DELETE FROM remarks WHERE seq IN (SELECT seq FROM remarks ORDER BY seq LIMIT ?1) AND abs(received_at - ?2) > ?3",
            Now, settings.RemarkDays * DayMilliseconds);
        more |= Delete(
            "DELETE FROM hours WHERE (hour, service, region) IN (SELECT hour, service, region FROM hours WHERE hour < ?2 LIMIT ?1)",
            firstHour);
        more |= Delete(
            """
            DELETE FROM reporter_sketches WHERE (quarter, service, region) IN
                (SELECT quarter, service, region FROM reporter_sketches WHERE quarter < ?2 LIMIT ?1)
            """,
            firstHour * 4L);
        _doneAt = more ? null : Now;
    }

    private bool Delete(string sql, params ReadOnlySpan<long> bounds)
    {
        var statement = connection.Prepare(sql).With(Slice);
        foreach (var bound in bounds)
            statement.With(bound);
        statement.Run();
        return connection.Changes == Slice;
    }
}
