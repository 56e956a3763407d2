using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using OutageAggregator.TestKit;

namespace OutageAggregator.Cluster.Tests.Nodes;

/// <summary>What somebody who reported was answered.</summary>
/// <param name="Person">Who.</param>
/// <param name="Pair">Of what.</param>
/// <param name="SentAt">When, on the clock of all presses.</param>
/// <param name="Took">Until the answer was read.</param>
/// <param name="Status">Of the answer.</param>
/// <param name="RetryAfter">When to come again, where it says so.</param>
/// <param name="Problem">Code, title and detail of what is wrong, where it is readable; null where nothing is.</param>
internal sealed record Press(
    int Person, (string Service, string Region) Pair, TimeSpan SentAt, TimeSpan Took, HttpStatusCode Status, TimeSpan? RetryAfter, (string? Type, string? Title, string? Detail)? Problem)
{
    /// <summary>True where it is known to be stored: it was taken, or was there before.</summary>
    public bool IsKnown => Status is HttpStatusCode.Accepted or HttpStatusCode.OK;
}

/// <summary>
/// People who report once each, to one node after the other, and do not care what becomes of those before them. Unlike a <see cref="Crowd"/> they come
/// again only when they are asked to, so a single answer can be judged.
/// </summary>
internal sealed class Presses(IReadOnlyList<ClusterNode> nodes, IReadOnlyList<(string Service, string Region)> pairs)
{
    private const int AgainAtOnce = 16;

    private readonly ConcurrentQueue<Press> _all = new();
    private readonly GivenTime _clock = GivenTime.StartNew();
    private int _people;

    /// <summary>The clock of all presses: it leaves out what other machines have of this one, and so do the people.</summary>
    public TimeSpan Now => _clock.Given;

    /// <summary>All that were answered.</summary>
    public IReadOnlyCollection<Press> All => _all;

    /// <summary>People report at a steady rate until it is enough.</summary>
    /// <returns>Completes when everybody has an answer.</returns>
    public async Task PressAsync(int perSecond, Task enough)
    {
        var people = new List<Task>();
        var began = Now;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!enough.IsCompleted)
        {
            for (var due = (int)((Now - began).TotalSeconds * perSecond); people.Count < due;)
                people.Add(PressAsync(_people++));
            _ = await tick.WaitForNextTickAsync();
        }
        await Task.WhenAll(people);
    }

    /// <summary>So many people report at once.</summary>
    /// <returns>Completes when everybody has an answer.</returns>
    public Task PressTogetherAsync(int people) => Task.WhenAll([.. Enumerable.Range(0, people).Select(_ => PressAsync(_people++))]);

    /// <summary>Who does not know their report to be stored comes again, until everybody does.</summary>
    public async Task ComeAgainAsync()
    {
        while (Unknown() is { Count: > 0 } unknown)
            await Parallel.ForEachAsync(unknown, new ParallelOptions { MaxDegreeOfParallelism = AgainAtOnce }, async (person, _) => await PressAsync(person));
    }

    /// <summary>How many people reported of each pair.</summary>
    public Dictionary<(string Service, string Region), int> People() =>
        pairs.ToDictionary(p => p, p => _all.Where(a => a.Pair == p).DistinctBy(a => a.Person).Count());

    private List<int> Unknown() => [.. _all.GroupBy(p => p.Person).Where(g => !g.Any(p => p.IsKnown)).Select(g => g.Key)];

    private async Task PressAsync(int person)
    {
        // A pair is reported to every node in turn.
        var (pair, node) = (pairs[person % pairs.Count], nodes[(person + (person / pairs.Count)) % nodes.Count]);
        var sentAt = Now;
        var since = Stopwatch.GetTimestamp();
        using var answer = await node.ReportAsync(person, pair);
        var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? Read(await answer.Content.ReadAsStringAsync()) : default;
        _all.Enqueue(new Press(person, pair, sentAt, Stopwatch.GetElapsedTime(since), answer.StatusCode, answer.Headers.RetryAfter?.Delta, problem));
    }

    private static (string? Type, string? Title, string? Detail)? Read(string body)
    {
        using var problem = JsonDocument.Parse(body);
        var root = problem.RootElement;
        return (root.GetProperty("type").GetString(), root.GetProperty("title").GetString(), root.GetProperty("detail").GetString());
    }
}
