namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>
/// Removes what is too old, a bounded number of rows a transaction, beside the writes of a group: it costs no commit of its own and no
/// write has to wait for a long delete. A slice is larger than what a group of ordinary size adds, so it keeps up. Time is what callers say
/// it is (batches, observations), so a simulated clock prunes by its own days.
/// </summary>
internal sealed class Pruning(Connection connection, StorageSettings settings)
{
    private const int Slice = 512;
    private const int HoursASlice = 16;
    private const long PauseMilliseconds = 60_000;
    private const long DayMilliseconds = 24 * 3_600_000;

    // Of an incident: from an hour before its onset to an hour after its end, which is what its page shows.
    private const string OfNoIncident = """
        NOT EXISTS (SELECT 1 FROM incidents i WHERE i.service = rows.service
            AND i.started_at < (?2 + 2) * 60 AND coalesce(i.ended_at, 9223372036854775807) >= (?2 - 1) * 60)
        """;

    private long? _doneAt;

    // The hours up to this one were looked through; what is left of them belongs to incidents.
    private long _prunedHour = int.MinValue;
    private long _acceptedHour = int.MinValue;

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
            """
            DELETE FROM amended WHERE (batch, place) IN (SELECT batch, place FROM amended ORDER BY batch, place LIMIT ?1)
                AND abs(received_at - ?2) > ?3
            """,
            Now, ReceiptRules.RememberedMilliseconds);
        more |= PruneHours(firstHour);
        _doneAt = more ? null : Now;
    }

    public void Accept() => _acceptedHour = _prunedHour;

    public void Undo()
    {
        _prunedHour = _acceptedHour;
        _doneAt = null;
    }

    // One hour after the other, so that the rows that stay for good are not looked at again and again.
    private bool PruneHours(long firstHour)
    {
        for (var hours = 0; hours < HoursASlice; hours++)
        {
            if (NextHour() is not { } hour || hour >= firstHour)
                return false;
            var more = Delete($"""
                DELETE FROM hours WHERE (hour, service, region) IN
                    (SELECT hour, service, region FROM hours rows WHERE hour = ?2 AND {OfNoIncident} LIMIT ?1)
                """, hour);
            more |= Delete($"""
                DELETE FROM reporter_sketches WHERE (quarter, service, region) IN
                    (SELECT quarter, service, region FROM reporter_sketches rows WHERE quarter BETWEEN ?2 * 4 AND (?2 * 4) + 3 AND {OfNoIncident} LIMIT ?1)
                """, hour);
            if (more)
                return true;
            _prunedHour = hour;
        }
        return true;
    }

    private long? NextHour() => connection.Prepare("""
        SELECT min(hour) FROM (
            SELECT min(hour) AS hour FROM hours WHERE hour > ?1
            UNION ALL SELECT min(quarter) / 4 FROM reporter_sketches WHERE quarter >= (?1 + 1) * 4)
        """).With(_prunedHour).First<long?>(next => next.IsNull(0) ? null : next.Integer(0));

    private bool Delete(string sql, params ReadOnlySpan<long> bounds)
    {
        var statement = connection.Prepare(sql).With(Slice);
        foreach (var bound in bounds)
            statement.With(bound);
        return statement.Run() == Slice;
    }
}
