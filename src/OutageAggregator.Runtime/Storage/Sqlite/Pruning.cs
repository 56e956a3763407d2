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
    private const long HourMilliseconds = 3_600_000;

    private long? _doneAt;

    /// <summary>The instant last told, milliseconds since 1970.</summary>
    public long Now { get; set; }

    /// <summary>Removes a slice, when it is due.</summary>
    public void Prune()
    {
        if (_doneAt is { } done && Math.Abs(Now - done) < PauseMilliseconds)
            return;
        var firstHour = settings.FirstHourKept(Now);
        // Rows in order of arrival: the oldest slice is looked at. One from ahead of the clock (it was set back) counts as old too.
        var more = Delete("DELETE FROM batches WHERE seq IN (SELECT seq FROM batches ORDER BY seq LIMIT ?) AND abs(received_at - ?) > ?",
            Now, ReceiptRules.RememberedMilliseconds);
        more |= Delete("DELETE FROM remarks WHERE seq IN (SELECT seq FROM remarks ORDER BY seq LIMIT ?) AND abs(received_at - ?) > ?",
            Now, settings.RemarkDays * 24 * HourMilliseconds);
        more |= Delete("DELETE FROM hours WHERE (service, region, hour) IN (SELECT service, region, hour FROM hours WHERE hour < ?2 LIMIT ?1)",
            firstHour);
        more |= Delete("""
            DELETE FROM reporter_sketches WHERE (service, region, quarter) IN
                (SELECT service, region, quarter FROM reporter_sketches WHERE quarter < ?2 LIMIT ?1)
            """, firstHour * 4L);
        _doneAt = more ? null : Now;
    }

    private bool Delete(string sql, long first, long? second = null)
    {
        var statement = connection.Prepare(sql).With(Slice).With(first);
        if (second is not null)
            statement.With(second.Value);
        statement.Run();
        return connection.Changes == Slice;
    }
}
