namespace OutageAggregator.Runtime.Reading;

/// <summary>How old the data is: what is stale is shown grey, never green.</summary>
/// <param name="ObservedAt">The newest instant at which reports could be taken.</param>
/// <param name="Age">Time since then.</param>
/// <param name="IsStale">True from 90 seconds on (on a simulated clock from 10 real seconds on, where that is longer).</param>
public readonly record struct Freshness(DateTimeOffset ObservedAt, TimeSpan Age, bool IsStale)
{
    /// <summary>Minutes that a look back covers.</summary>
    public const int LookBack = 15;

    // From fewer of the newest minutes nothing can be told of now: what was so before a gap is no answer. Five that the watches have judged
    // (see IncidentLifecycle), one that they are about to, and the one that goes on.
    internal const int FewestMinutes = 7;

    /// <summary>How many of the last 15 minutes were observed.</summary>
    public int ObservedMinutes { get; init; } = LookBack;

    /// <summary>Since when they were without a gap; null where that is longer than an hour.</summary>
    public DateTimeOffset? CountingSince { get; init; }

    /// <summary>Whether enough was observed of late to say how things stand now.</summary>
    public bool TellsNow => !IsStale && ObservedMinutes >= FewestMinutes;

    /// <summary>True where the store can't be read now, and what is told was known before.</summary>
    public bool IsAway { get; init; }
}

/// <summary>
/// What every page and answer has to say about this server besides its data, so that nobody takes a simulation for the truth.
/// </summary>
/// <param name="ClockSpeed">Simulated seconds per real second; null on the machine's own clock.</param>
/// <param name="Demo">True where the server made up data for a demonstration.</param>
public sealed record ServerNotice(double? ClockSpeed, bool Demo)
{
    /// <summary>What the names of files begin with: <c>demo-</c>, <c>simulated-</c>, or nothing.</summary>
    public string FileMark => Demo ? "demo-" : ClockSpeed is null ? "" : "simulated-";

    /// <summary>The notice of a server on a given clock.</summary>
    public static ServerNotice Of(TimeProvider clock, bool demo = false) => new((clock as SimulatedClock)?.Speed, demo);
}

/// <summary>Tells how old the data is, from the store's own note of when it last could take reports.</summary>
public sealed class FreshnessReader(ObservedReader reader, TimeProvider clock)
{
    /// <summary>Data is stale from this age on: many missed ticks, and one and a half missed minutes of every chart.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(90);

    // On a fast clock 90 seconds are over in the blink of a real eye: a server that is merely busy is not stale.
    private static readonly TimeSpan s_leastReal = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _staleAfter =
        clock is SimulatedClock simulated && s_leastReal * simulated.Speed is var least && least > StaleAfter ? least : StaleAfter;

    /// <summary>
    /// The freshness now, also while the store is away, if it was ever read. A store that never observed anything is stale, observed at the
    /// Unix epoch.
    /// </summary>
    public ValueTask<Freshness> ReadAsync(CancellationToken cancellation) => ReadAsync(DateTimeOffset.MaxValue, cancellation);

    /// <summary>
    /// The freshness of an answer: while the store is away an answer may be older than what was observed last, because nobody had asked for
    /// it since.
    /// </summary>
    /// <param name="lookedAt">When the look at the store began that the answer is told from: it is as of then at best.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<Freshness> ReadAsync(DateTimeOffset lookedAt, CancellationToken cancellation)
    {
        var lately = await reader.ReadAsync(cancellation);
        var observed = lately.Newest ?? DateTimeOffset.UnixEpoch;
        var newest = Minute.Of(observed);
        if (lookedAt < observed)
            observed = lookedAt;
        var now = clock.GetUtcNow();
        var age = now > observed ? now - observed : TimeSpan.Zero;
        return new Freshness(observed, age, age >= _staleAfter)
        {
            IsAway = reader.IsAway,
            ObservedMinutes = lately.Of(new MinuteRange(newest + 1 - Freshness.LookBack, newest + 1)).Sum(stretch => stretch.Length),
            CountingSince = lately.Stretches is [.., var last] && last.Length < ObservedReader.LatelyMinutes ? last.From.Start : null,
        };
    }
}
