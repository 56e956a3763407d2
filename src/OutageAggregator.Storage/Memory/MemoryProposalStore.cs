namespace OutageAggregator.Storage.Memory;

/// <summary>Proposals in memory, for tests and trials: they survive nothing. It is also the shortest text of what such a store does.</summary>
public sealed class MemoryProposalStore : IProposalStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ProposalId, Group> _groups = [];
    private readonly Dictionary<(Reporter Reporter, long HalfHour), int> _names = [];
    private readonly List<AcceptedProposal> _accepted = [];
    private long _halfHour;

    public bool IsShared => false;

    public Task<NamingReceipt> NameAsync(Naming naming, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return Task.FromResult(Name(naming));
    }

    public Task<IReadOnlyList<Proposal>> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<Proposal>>([.. _groups.Values.Select(g => g.Tell(now))]);
    }

    public Task<Proposal?> FindAsync(ProposalId id, DateTimeOffset now, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_groups.GetValueOrDefault(id)?.Tell(now));
    }

    public Task<ProposedCounts> ReadCountsAsync(ProposalId id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult(!_groups.TryGetValue(id, out var group) ? new ProposedCounts([], []) : new ProposedCounts(
                [.. group.Cells.Select(c => new ProposedCell(c.Key.Minute, c.Key.Region, c.Value))],
                [.. group.Turns.Select(t => new ProposedTurn(t.Key, t.Value.Region, t.Value.At)).OrderBy(t => t.At)]));
        }
    }

    public Task<bool> ForgetAsync(ProposalId id, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(AcceptedOf(id) is null && _groups.Remove(id));
    }

    public Task<AcceptedProposal> AcceptAsync(AcceptedProposal accepted, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var stands = _accepted.Find(a => a.Proposal == accepted.Proposal || a.Service.Slug == accepted.Service.Slug);
            if (stands is null)
                _accepted.Add(accepted with { IsMoved = false });
            return Task.FromResult(stands ?? _accepted[^1]);
        }
    }

    public Task MovedAsync(ServiceSlug slug, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var at = _accepted.FindIndex(a => a.Service.Slug == slug && !a.IsMoved);
            if (at >= 0)
            {
                _ = _groups.Remove(_accepted[at].Proposal);
                _accepted[at] = _accepted[at] with { IsMoved = true };
            }
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AcceptedProposal>> ReadAcceptedAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<AcceptedProposal>>([.. _accepted]);
    }

    public Task<long> ReadVersionAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult((long)_accepted.Count(a => a.IsMoved));
    }

    private NamingReceipt Name(Naming naming)
    {
        var (proposed, reporter, region, at) = naming;
        if (AcceptedOf(proposed.Id) is { } accepted)
            return new NamingReceipt(NamingOutcome.Accepted, at, 0, accepted.Service.Slug);
        var group = _groups.GetValueOrDefault(proposed.Id);
        if (group is not null && group.Turns.TryGetValue(reporter, out var turn) && (at - turn.At).Duration() < ReportRules.OncePer)
            return group.Receipt(NamingOutcome.Duplicate, turn.At, at);
        if (!MayName(reporter, at))
            return new NamingReceipt(NamingOutcome.TooManyNames, ProposalTimes.EndOfHalfHour(at), group?.LastHour(at) ?? 0);
        if (group is null && !MakeRoom(at))
            return new NamingReceipt(NamingOutcome.Full, at, 0);
        if (group is null)
            _groups.Add(proposed.Id, group = new Group(proposed, at));
        group.Know(proposed.Domain);
        _names[(reporter, _halfHour)] = _names.GetValueOrDefault((reporter, _halfHour)) + 1;
        group.Add(reporter, region, at);
        return group.Receipt(NamingOutcome.Counted, at, at);
    }

    private AcceptedProposal? AcceptedOf(ProposalId id) => _accepted.Find(a => a.Proposal == id);

    private bool MayName(Reporter reporter, DateTimeOffset at)
    {
        if (_halfHour != ProposalTimes.HalfHourOf(at))
        {
            _names.Clear();
            _halfHour = ProposalTimes.HalfHourOf(at);
        }
        return _names.GetValueOrDefault((reporter, _halfHour)) < ProposalRules.MostNames;
    }

    private bool MakeRoom(DateTimeOffset now)
    {
        var mayGo = _groups.Where(g => g.Value.HeldUntil <= now && AcceptedOf(g.Key) is null).OrderBy(g => g.Value.HeldUntil).ToList();
        foreach (var (id, _) in mayGo.Where(g => g.Value.LastAt.AddDays(ProposalRules.LongestHeldDays) <= now))
            _ = _groups.Remove(id);
        return _groups.Count < ProposalRules.MostProposals || (mayGo.Count > 0 && _groups.Remove(mayGo[0].Key));
    }

    private sealed class Group(ProposedName name, DateTimeOffset firstAt)
    {
        private string? _domain = name.Domain;
        private int _reports;

        private readonly DateTimeOffset _firstAt = firstAt;

        internal DateTimeOffset LastAt { get; private set; } = firstAt;
        internal DateTimeOffset HeldUntil => ProposalRules.HeldUntil(LastAt, _reports);
        internal SortedDictionary<(Minute Minute, Region Region), int> Cells { get; } = [];
        internal Dictionary<Reporter, (DateTimeOffset At, Region Region)> Turns { get; } = [];

        internal void Add(Reporter reporter, Region region, DateTimeOffset at)
        {
            foreach (var (old, _) in ProposalTimes.HalfHourOf(at) == ProposalTimes.HalfHourOf(LastAt) ? []
                : Turns.Where(t => (at - t.Value.At).Duration() > ProposalTimes.TurnsKept).ToList())
                _ = Turns.Remove(old);
            Turns[reporter] = (at, region);
            var cell = (Minute.Of(at), region);
            Cells[cell] = Cells.GetValueOrDefault(cell) + 1;
            while (Cells.Count > ProposalRules.MostCells || Cells.First().Key.Minute < Minute.Of(at) - ProposalRules.HistoryMinutes)
                _ = Cells.Remove(Cells.First().Key);
            (LastAt, _reports) = (at > LastAt ? at : LastAt, _reports + 1);
        }

        internal void Know(string? domain) => _domain ??= domain;

        internal int LastHour(DateTimeOffset now) => Last(60, now);

        internal NamingReceipt Receipt(NamingOutcome outcome, DateTimeOffset turn, DateTimeOffset now) =>
            new(outcome, turn + ReportRules.OncePer, LastHour(now));

        internal Proposal Tell(DateTimeOffset now) => new(
            name.Id, name.Key, name.Name, _domain, _firstAt, LastAt, _reports, Last(15, now), Last(60, now), Last(Minute.PerDay, now));

        private int Last(int minutes, DateTimeOffset now) => Cells.Where(c => c.Key.Minute > Minute.Of(now) - minutes).Sum(c => c.Value);
    }
}
