namespace OutageAggregator.Storage.Redis.Counts;

/// <summary>
/// Repeatable batches in Redis: a string each, which the first to see the batch writes and nobody changes.
/// <code>
///   first seen in ms, body in hexadecimal, 1      the last one is missing where an earlier version noted it
/// </code>
/// </summary>
/// <param name="link">The connection.</param>
/// <param name="folder">A data folder in which an earlier version may have left its notes; they move to Redis with the first batch.</param>
public sealed class RedisRepeatedBatches(RedisLink link, string? folder = null) : IRepeatedBatches
{
    private volatile bool _isMoved = folder is null;

    public async Task<BatchMemory> BeginAsync(UInt128 id, UInt128 body, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!_isMoved)
            await MoveAsync(now, cancellation);
        var seenAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        while (true)
        {
            if (await NoteAsync(id, $"{NoteOf(seenAt, body)} 1", cancellation))
                return new BatchMemory(seenAt, IsSameBody: true);
            // Its day may end between the two calls.
            if ((string?)await link.AskAsync(d => d.StringGetAsync(link.Keys.Repeated(id)), cancellation) is { } known)
                return Read(known, body);
        }
    }

    private async Task MoveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var left = RepeatedBatchesRing.Read(folder!).Where(n => now - n.SeenAt < IRepeatedBatches.Lifetime);
        foreach (var notes in left.Chunk(link.CallsAtOnce))
            _ = await Task.WhenAll(notes.Select(n => NoteAsync(n.Id, NoteOf(n.SeenAt, n.Body), cancellation)));
        RepeatedBatchesRing.Delete(folder!);
        _isMoved = true;
    }

    private Task<bool> NoteAsync(UInt128 id, string note, CancellationToken cancellation) =>
        link.AskAsync(d => d.StringSetAsync(link.Keys.Repeated(id), note, IRepeatedBatches.Lifetime, When.NotExists), cancellation);

    // Earlier versions noted parts of milliseconds in their files, and ids of parts depend on them.
    private static string NoteOf(DateTimeOffset seenAt, UInt128 body) =>
        $"{(seenAt - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerMillisecond} {body:x32}";

    private static BatchMemory Read(string note, UInt128 body)
    {
        var parts = note.Split(' ');
        var ticks = (long)(decimal.Parse(parts[0], CultureInfo.InvariantCulture) * TimeSpan.TicksPerMillisecond);
        return new BatchMemory(DateTimeOffset.UnixEpoch.AddTicks(ticks), parts[1] == $"{body:x32}", IsOfEarlierVersion: parts.Length == 2);
    }
}
