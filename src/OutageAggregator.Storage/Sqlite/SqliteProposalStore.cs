namespace OutageAggregator.Storage.Sqlite;

/// <summary>Proposals in SQLite: writes share the commits of the counts, and run alone on the writer's thread.</summary>
public sealed class SqliteProposalStore(SqliteStorage storage) : IProposalStore
{
    private const string Groups = "SELECT id, key, name, domain, first_at, last_at, reports FROM proposals";
    private const string NotAccepted = "id NOT IN (SELECT proposal FROM accepted_services)";
    private const string Accepted = "SELECT body, is_moved FROM accepted_services";

    public bool IsShared => false;

    public Task<NamingReceipt> NameAsync(Naming naming, CancellationToken cancellation) =>
        storage.WriteAsync(connection => Name(connection, naming), cancellation);

    public Task<IReadOnlyList<Proposal>> ReadAsync(DateTimeOffset now, CancellationToken cancellation) => storage.ReadAsync<IReadOnlyList<Proposal>>(
        connection => [.. connection.Prepare(Groups).All(ReadRow).Select(p => Count(connection, p, now))], cancellation);

    public Task<Proposal?> FindAsync(ProposalId id, DateTimeOffset now, CancellationToken cancellation) => storage.ReadAsync(
        connection => connection.Prepare(Groups + " WHERE id = ?").With(Number(id)).First(ReadRow) is { } found ? Count(connection, found, now) : null,
        cancellation);

    public Task<ProposedCounts> ReadCountsAsync(ProposalId id, CancellationToken cancellation) => storage.ReadAsync(
        connection => new ProposedCounts(
            connection.Prepare("SELECT minute, region, reports FROM proposal_cells WHERE proposal = ? ORDER BY minute, region").With(Number(id))
                .All(r => new ProposedCell(new Minute((int)r.Integer(0)), Region.Parse(r.Text(1)), (int)r.Integer(2))),
            connection.Prepare("SELECT reporter, region, at FROM proposal_turns WHERE proposal = ? ORDER BY at, reporter").With(Number(id))
                .All(r => new ProposedTurn(ReporterOf(r.Id(0)), Region.Parse(r.Text(1)), r.Instant(2)))),
        cancellation);

    public Task<bool> ForgetAsync(ProposalId id, CancellationToken cancellation) =>
        storage.WriteAsync(connection => AcceptedAs(connection, Number(id)) is null && Forget(connection, Number(id)), cancellation);

    public Task<AcceptedProposal> AcceptAsync(AcceptedProposal accepted, CancellationToken cancellation) => storage.WriteAsync(
        connection =>
        {
            var stands = connection.Prepare(Accepted + " WHERE proposal = ? OR slug = ? ORDER BY proposal = ?1 DESC LIMIT 1")
                .With(Number(accepted.Proposal)).With(accepted.Service.Slug.ToString()).First(ReadAccepted);
            if (stands is not null)
                return stands;
            connection.Prepare("INSERT INTO accepted_services (slug, proposal, body, is_moved) VALUES (?, ?, ?, 0)")
                .With(accepted.Service.Slug.ToString()).With(Number(accepted.Proposal)).With(StoredAcceptance.Write(accepted)).Run();
            return accepted with { IsMoved = false };
        },
        cancellation);

    public Task MovedAsync(ServiceSlug slug, CancellationToken cancellation) => storage.WriteAsync(
        connection =>
        {
            var proposal = connection.Prepare("SELECT proposal FROM accepted_services WHERE slug = ? AND is_moved = 0")
                .With(slug.ToString()).First<long?>(row => row.Integer(0));
            if (proposal is not { } id)
                return false;
            connection.Prepare("UPDATE accepted_services SET is_moved = 1 WHERE slug = ?").With(slug.ToString()).Run();
            return Forget(connection, id);
        },
        cancellation);

    public Task<IReadOnlyList<AcceptedProposal>> ReadAcceptedAsync(CancellationToken cancellation) =>
        storage.ReadAsync<IReadOnlyList<AcceptedProposal>>(
            connection => connection.Prepare(Accepted + " ORDER BY number").All(ReadAccepted), cancellation);

    public Task<long> ReadVersionAsync(CancellationToken cancellation) => storage.ReadAsync(
        connection => connection.ReadNumber("SELECT count(*) FROM accepted_services WHERE is_moved"), cancellation);

    // On the writer's thread, in its transaction: nobody names between the look and the rows.
    private static NamingReceipt Name(Connection connection, Naming naming)
    {
        var (proposed, reporter, region, at) = naming;
        var (id, now) = (Number(proposed.Id), at.ToUnixTimeMilliseconds());
        if (AcceptedAs(connection, id) is { } service)
            return new NamingReceipt(NamingOutcome.Accepted, at, 0, ServiceSlug.Parse(service));
        var turn = connection.Prepare("SELECT at FROM proposal_turns WHERE reporter = ? AND proposal = ?")
            .WithId(ValueOf(reporter)).With(id).First<long?>(row => row.Integer(0));
        if (turn is { } taken && Math.Abs(now - taken) < ProposalTimes.HalfHourMilliseconds)
            return Receipt(NamingOutcome.Duplicate, taken);
        var halfHour = ProposalTimes.HalfHourOf(at);
        var names = connection.Prepare("SELECT names FROM proposal_names WHERE half_hour = ? AND reporter = ?")
            .With(halfHour).WithId(ValueOf(reporter)).First(row => row.Integer(0));
        if (names >= ProposalRules.MostNames)
            return Receipt(NamingOutcome.TooManyNames, halfHour * ProposalTimes.HalfHourMilliseconds);
        if (connection.Prepare("SELECT 1 FROM proposals WHERE id = ?").With(id).First(_ => true))
        {
            connection.Prepare("UPDATE proposals SET last_at = max(last_at, ?), reports = reports + 1, domain = coalesce(domain, ?) WHERE id = ?")
                .With(now).With(proposed.Domain).With(id).Run();
        }
        else if (MakeRoom(connection, now))
        {
            connection.Prepare("INSERT INTO proposals VALUES (?, ?, ?, ?, ?, ?, 1)")
                .With(id).With(proposed.Key).With(proposed.Name).With(proposed.Domain).With(now).With(now).Run();
        }
        else
        {
            return Receipt(NamingOutcome.Full, now - ProposalTimes.HalfHourMilliseconds);
        }
        connection.Prepare("INSERT INTO proposal_names VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET names = names + 1")
            .With(halfHour).WithId(ValueOf(reporter)).Run();
        connection.Prepare("DELETE FROM proposal_names WHERE half_hour < ?").With(halfHour - 1).Run();
        connection.Prepare("INSERT OR REPLACE INTO proposal_turns VALUES (?, ?, ?, ?)")
            .WithId(ValueOf(reporter)).With(id).With(region.ToString()).With(now).Run();
        connection.Prepare("DELETE FROM proposal_turns WHERE at < ?").With(now - (long)ProposalTimes.TurnsKept.TotalMilliseconds).Run();
        connection.Prepare("INSERT INTO proposal_cells VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET reports = reports + 1")
            .With(id).With(Minute.Of(at).Number).With(region.ToString()).Run();
        connection.Prepare("DELETE FROM proposal_cells WHERE proposal = ? AND minute < ?")
            .With(id).With((Minute.Of(at) - ProposalRules.HistoryMinutes).Number).Run();
        connection.Prepare("""
                DELETE FROM proposal_cells WHERE proposal = ?1 AND (minute, region) IN (
                    SELECT minute, region FROM proposal_cells WHERE proposal = ?1 ORDER BY minute, region
                    LIMIT max(0, (SELECT count(*) FROM proposal_cells WHERE proposal = ?1) - ?2))
                """).With(id).With(ProposalRules.MostCells).Run();
        return Receipt(NamingOutcome.Counted, now);

        NamingReceipt Receipt(NamingOutcome outcome, long from) => new(
            outcome, DateTimeOffset.FromUnixTimeMilliseconds(from) + ReportRules.OncePer, Last(connection, id, 60, at));
    }

    private static string? AcceptedAs(Connection connection, long id) =>
        connection.Prepare("SELECT slug FROM accepted_services WHERE proposal = ?").With(id).First(row => row.Text(0));

    private static bool MakeRoom(Connection connection, long now)
    {
        const long Day = 24 * 3_600_000;
        foreach (var old in connection.Prepare("SELECT id FROM proposals WHERE last_at <= ? AND " + NotAccepted)
            .With(now - (ProposalRules.LongestHeldDays * Day)).All(row => row.Integer(0)))
            _ = Forget(connection, old);
        if (connection.ReadNumber("SELECT count(*) FROM proposals") < ProposalRules.MostProposals)
            return true;
        var least = connection.Prepare($"""
                SELECT id FROM (SELECT id, last_at + 86400000 * (CASE WHEN reports < 2 THEN ?1 WHEN reports < ?2 THEN ?3 ELSE ?4 END) AS held
                    FROM proposals WHERE {NotAccepted}) WHERE held <= ?5 ORDER BY held LIMIT 1
                """)
            .With(ProposalRules.HeldDays(1)).With(ProposalRules.FewReports).With(ProposalRules.HeldDays(2))
            .With(ProposalRules.LongestHeldDays).With(now).First<long?>(row => row.Integer(0));
        return least is { } id && Forget(connection, id);
    }

    private static bool Forget(Connection connection, long id)
    {
        _ = connection.Prepare("DELETE FROM proposal_cells WHERE proposal = ?").With(id).Run();
        _ = connection.Prepare("DELETE FROM proposal_turns WHERE proposal = ?").With(id).Run();
        return connection.Prepare("DELETE FROM proposals WHERE id = ?").With(id).Run() > 0;
    }

    private static Proposal Count(Connection connection, Proposal proposal, DateTimeOffset now)
    {
        var id = Number(proposal.Id);
        return proposal with
        {
            Last15m = Last(connection, id, 15, now),
            LastHour = Last(connection, id, 60, now),
            Last24h = Last(connection, id, Minute.PerDay, now),
        };
    }

    private static int Last(Connection connection, long id, int minutes, DateTimeOffset now) =>
        (int)connection.Prepare("SELECT coalesce(sum(reports), 0) FROM proposal_cells WHERE proposal = ? AND minute > ?")
            .With(id).With(Minute.Of(now).Number - minutes).First(row => row.Integer(0));

    private static Proposal ReadRow(Statement row) => new(
        new ProposalId((ulong)row.Integer(0)), row.Text(1), row.Text(2), row.IsNull(3) ? null : row.Text(3), row.Instant(4), row.Instant(5),
        (int)row.Integer(6), 0, 0, 0);

    private static AcceptedProposal ReadAccepted(Statement row) => StoredAcceptance.Read(row.Text(0), row.Integer(1) != 0);

    private static long Number(ProposalId id) => unchecked((long)id.Value);

    private static UInt128 ValueOf(Reporter reporter) => new(reporter.High, reporter.Low);

    private static Reporter ReporterOf(UInt128 value) => new((ulong)(value >> 64), (ulong)value);
}
