namespace OutageAggregator.Storage.Redis.Proposals;

/// <summary>
/// Proposals in Redis, shared by as many processes as open it. All of it lies in one slot, as one script looks at all groups where one has
/// to make room (<c>name.lua</c>): what is named here is rare and bounded.
/// </summary>
public sealed class RedisProposalStore(RedisLink link) : IProposalStore
{
    // Besides those that live an hour.
    private static readonly string[] s_partsOfGroup = ["cells", "order", "minutes"];

    // An hour after the last one of a half hour its turns are gone by themselves.
    private const int HalfHoursOfTurns = 4;

    private RedisKey Groups => link.Keys.Proposals("groups");
    private RedisKey Moved => link.Keys.Proposals("moved");
    private RedisKey Slugs => link.Keys.Proposals("slugs");
    private RedisKey Accepted => link.Keys.Proposals("accepted");

    public bool IsShared => true;

    public async Task<NamingReceipt> NameAsync(Naming naming, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (proposed, reporter, region, at) = naming;
        var (id, halfHour, minute) = (proposed.Id, ProposalTimes.HalfHourOf(at), Minute.Of(at));
        RedisKey[] keys =
        [
            Groups, .. s_partsOfGroup.Select(part => link.Keys.Proposal(part, id)), link.Keys.ProposalTurns(id, halfHour),
            link.Keys.ProposalTurns(id, halfHour - 1), link.Keys.ProposalTurns(id, halfHour + 1), link.Keys.Proposals($"names:{halfHour}"), Slugs,
        ];
        // Once it is under way it is not given up: it may be counted.
        var answer = (RedisValue[]?)await link.RunAsync(
            RedisScript.Name, keys,
            [
                id.ToString(), at.ToUnixTimeMilliseconds(), minute.Number, region.ToString(), reporter.ToString(), proposed.Key, proposed.Name,
                proposed.Domain ?? "", ProposalRules.MostProposals, ProposalRules.MostCells, ProposalRules.MostNames,
                (minute - ProposalRules.HistoryMinutes).Number, ProposalRules.FewReports, ProposalRules.LongestHeldDays,
            ],
            CancellationToken.None);
        if (answer is not [var outcome, var turn, .. var gone])
            throw new InvalidDataException("Redis gave no answer to a proposal.");
        if ((NamingOutcome)(int)outcome == NamingOutcome.Accepted)
            return new NamingReceipt(NamingOutcome.Accepted, at, 0, ServiceSlug.Parse(gone[0].ToString()));
        foreach (var other in gone)
            await EmptyAsync(ProposalId.TryParse(other, out var left) ? left : default);
        var until = (NamingOutcome)(int)outcome == NamingOutcome.TooManyNames
            ? ProposalTimes.EndOfHalfHour(at)
            : DateTimeOffset.FromUnixTimeMilliseconds((long)turn) + ReportRules.OncePer;
        return new NamingReceipt((NamingOutcome)(int)outcome, until, Last(60, await MinutesAsync(id, cancellation), at));
    }

    public async Task<IReadOnlyList<Proposal>> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var groups = await link.AskAsync(d => d.HashGetAllAsync(Groups), cancellation);
        return await link.AskEachAsync(groups, group => TellAsync(group.Name, group.Value, now, cancellation));
    }

    public async Task<Proposal?> FindAsync(ProposalId id, DateTimeOffset now, CancellationToken cancellation)
    {
        var line = await link.AskAsync(d => d.HashGetAsync(Groups, id.ToString()), cancellation);
        return line.IsNull ? null : await TellAsync(id.ToString(), line, now, cancellation);
    }

    public async Task<ProposedCounts> ReadCountsAsync(ProposalId id, CancellationToken cancellation)
    {
        var cells = await link.AskAsync(d => d.HashGetAllAsync(link.Keys.Proposal("cells", id)), cancellation);
        var turns = new List<ProposedTurn>();
        foreach (var halfHour in await HalfHoursAsync(id, cancellation))
        {
            foreach (var turn in await link.AskAsync(d => d.HashGetAllAsync(link.Keys.ProposalTurns(id, halfHour)), cancellation))
                turns.Add(ReadTurn(turn));
        }
        return new ProposedCounts(
            [.. cells.Select(ReadCell).OrderBy(c => c.Minute).ThenBy(c => c.Region)],
            [.. turns.GroupBy(t => t.Reporter).Select(t => t.MaxBy(turn => turn.At)).OrderBy(t => t.At)]);
    }

    public Task<bool> ForgetAsync(ProposalId id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ForgetAsync(id, acceptedAs: "");
    }

    public async Task<AcceptedProposal> AcceptAsync(AcceptedProposal accepted, CancellationToken cancellation)
    {
        var slug = (string?)await link.RunAsync(
            RedisScript.Accept, [Accepted, Slugs, link.Keys.Proposals("slugs-in-order")],
            [accepted.Service.Slug.ToString(), accepted.Proposal.ToString(), StoredAcceptance.Write(accepted)], CancellationToken.None);
        return slug is null ? accepted with { IsMoved = false }
            : await ReadAsync(slug, cancellation) ?? throw new InvalidDataException($"The accepted service '{slug}' is missing.");
    }

    public async Task MovedAsync(ServiceSlug slug, CancellationToken cancellation)
    {
        if (await ReadAsync(slug.ToString(), cancellation) is { IsMoved: false } accepted)
            _ = await ForgetAsync(accepted.Proposal, slug.ToString());
    }

    public async Task<IReadOnlyList<AcceptedProposal>> ReadAcceptedAsync(CancellationToken cancellation)
    {
        // What is moved is read first: what is accepted meanwhile is not shown as if it were.
        var moved = (await link.AskAsync(d => d.SetMembersAsync(Moved), cancellation)).Select(m => m.ToString()).ToHashSet(StringComparer.Ordinal);
        var slugs = await link.AskAsync(d => d.ListRangeAsync(link.Keys.Proposals("slugs-in-order")), cancellation);
        var all = (await link.AskAsync(d => d.HashGetAllAsync(Accepted), cancellation)).ToDictionary(h => h.Name, h => h.Value);
        return [.. slugs.Where(all.ContainsKey).Select(slug => StoredAcceptance.Read(all[slug], moved.Contains(slug.ToString())))];
    }

    public Task<long> ReadVersionAsync(CancellationToken cancellation) => link.AskAsync(d => d.SetLengthAsync(Moved), cancellation);

    private async Task<AcceptedProposal?> ReadAsync(string slug, CancellationToken cancellation)
    {
        var isMoved = await link.AskAsync(d => d.SetContainsAsync(Moved, slug), cancellation);
        var stored = await link.AskAsync(d => d.HashGetAsync(Accepted, slug), cancellation);
        return stored.IsNull ? null : StoredAcceptance.Read(stored, isMoved);
    }

    // In one step, so that nothing ends between a group's end and what stands for it from then on.
    private async Task<bool> ForgetAsync(ProposalId id, string acceptedAs) => (long)await link.RunAsync(
        RedisScript.Forget, [Groups, Slugs, Moved, .. await KeysOfAsync(id)], [id.ToString(), acceptedAs], CancellationToken.None) > 0;

    private async Task EmptyAsync(ProposalId id)
    {
        var keys = await KeysOfAsync(id);
        _ = await link.AskAsync(d => d.KeyDeleteAsync(keys), CancellationToken.None);
    }

    private async Task<RedisKey[]> KeysOfAsync(ProposalId id) =>
    [
        .. s_partsOfGroup.Select(part => link.Keys.Proposal(part, id)),
        .. (await HalfHoursAsync(id, CancellationToken.None)).Select(halfHour => link.Keys.ProposalTurns(id, halfHour)),
    ];

    private async Task<Dictionary<int, int>> MinutesAsync(ProposalId id, CancellationToken cancellation) =>
        (await link.AskAsync(d => d.HashGetAllAsync(link.Keys.Proposal("minutes", id)), cancellation)).ToDictionary(h => (int)h.Name, h => (int)h.Value);

    // Turns are of the newest half hours in which it was named.
    private async Task<long[]> HalfHoursAsync(ProposalId id, CancellationToken cancellation)
    {
        var minutes = await MinutesAsync(id, cancellation);
        if (minutes.Count == 0)
            return [];
        var last = ProposalTimes.HalfHourOf(new Minute(minutes.Keys.Max()).Start);
        return [.. Enumerable.Range(1 - HalfHoursOfTurns, HalfHoursOfTurns).Select(back => last + back)];
    }

    private async Task<Proposal> TellAsync(RedisValue id, RedisValue line, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!ProposalId.TryParse(id, out var proposal) || line.ToString().Split('\t') is not [var key, var name, var domain, var first, var last, var reports])
            throw new InvalidDataException("A stored proposal is damaged.");
        var minutes = await MinutesAsync(proposal, cancellation);
        return new Proposal(
            proposal, key, name, domain.Length == 0 ? null : domain, InstantOf(first), InstantOf(last),
            int.Parse(reports, CultureInfo.InvariantCulture), Last(15, minutes, now), Last(60, minutes, now), Last(Minute.PerDay, minutes, now));
    }

    private static int Last(int minutes, Dictionary<int, int> counts, DateTimeOffset now) =>
        counts.Where(c => c.Key > Minute.Of(now).Number - minutes).Sum(c => c.Value);

    private static ProposedCell ReadCell(HashEntry cell) => cell.Name.ToString().Split(' ') is [var minute, var region]
        ? new ProposedCell(new Minute(int.Parse(minute, CultureInfo.InvariantCulture)), Region.Parse(region), (int)cell.Value)
        : throw new InvalidDataException("A stored count of a proposal is damaged.");

    private static ProposedTurn ReadTurn(HashEntry turn) =>
        turn.Value.ToString().Split(' ') is [var at, var region] && BatchId.TryParse(turn.Name, out var reporter)
            ? new ProposedTurn(new Reporter((ulong)(reporter.Value >> 64), (ulong)reporter.Value), Region.Parse(region), InstantOf(at))
            : throw new InvalidDataException("A stored turn of a proposal is damaged.");

    private static DateTimeOffset InstantOf(string milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
}
