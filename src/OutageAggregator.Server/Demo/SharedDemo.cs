using OutageAggregator.Storage.Redis.Client;

namespace OutageAggregator.Server.Demo;

/// <summary>
/// A demo over Redis: one node makes up the history and plays, the others find it there and follow, and one of them plays on where that
/// node is lost. It goes on for as long as a node of it runs; one that starts after ten seconds without any begins anew. Its keys have a
/// prefix of their own, and nothing else is ever removed.
/// </summary>
internal sealed class SharedDemo(RedisAgreement agreement, RedisLink link, RedisSettings settings)
{
    /// <summary>Ends the prefix of a demo's keys.</summary>
    public const string PrefixEnd = "-demo";

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly RedisLease _lease = new(link, "demo");
    private bool _plays;

    /// <summary>True where this node is the one that plays.</summary>
    public bool Plays => Volatile.Read(ref _plays);

    /// <summary>Makes the history, or waits until another node has.</summary>
    /// <param name="make">Writes it into an empty store.</param>
    /// <returns>True where this node made it.</returns>
    /// <exception cref="SettingsException">There is something under the prefix that no demo wrote.</exception>
    /// <exception cref="StoreUnavailableException">Redis can't be used now.</exception>
    public async Task<bool> MakeOrFindAsync(Func<Task> make, CancellationToken cancellation)
    {
        for (var isFirstLook = true; ; isFirstLook = false)
        {
            var holder = await _lease.HolderAsync(cancellation);
            if (holder is not null && holder == await agreement.RecallAsync(RedisAgreement.DemoMade, cancellation))
                return false;
            // Whoever follows a node that was lost looks as often as this, and comes first.
            if (holder is null && !isFirstLook && await _lease.TakeAsync(cancellation))
                break;
            await Task.Delay(2 * s_look, cancellation);
        }
        await EmptyAsync(cancellation);
        await HoldUntilAsync(make(), cancellation);
        await agreement.SetAsync(RedisAgreement.DemoMade, _lease.Token, cancellation);
        Volatile.Write(ref _plays, true);
        return true;
    }

    /// <summary>Holds the part of the one who plays, or takes it once nobody else has it, until cancelled.</summary>
    public async Task PlayAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_look, TimeProvider.System);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var plays = await _lease.TakeAsync(stopping);
                if (plays && !Plays)
                {
                    await agreement.SetAsync(RedisAgreement.DemoMade, _lease.Token, stopping);
                    Console.WriteLine("A demo: this node plays it from here on.");
                }
                Volatile.Write(ref _plays, plays);
                _ = await timer.WaitForNextTickAsync(stopping);
            }
            catch (StoreUnavailableException)
            {
                // Nobody can be told while Redis is away; what can't be counted is told by who sends it.
                await Task.Delay(s_look, stopping);
            }
        }
    }

    private async Task EmptyAsync(CancellationToken cancellation)
    {
        if (await agreement.RecallAsync(RedisAgreement.Reports, cancellation) != RedisAgreement.MadeUpReports && await agreement.AnythingAsync(cancellation))
            throw new SettingsException($"Redis holds keys that begin with '{settings.Prefix}:' and that no demo wrote. Allowed for --demo: another Redis:Prefix.");
        _ = await agreement.AgreeAsync(RedisAgreement.Reports, RedisAgreement.MadeUpReports, cancellation);
        await agreement.EmptyAsync([RedisAgreement.Reports], cancellation);
    }

    private async Task HoldUntilAsync(Task made, CancellationToken cancellation)
    {
        while (await Task.WhenAny(made, Task.Delay(s_look, cancellation)) != made)
            _ = await _lease.TakeAsync(cancellation);
        await made;
    }
}
