namespace OutageAggregator.Storage.Redis.Client;

/// <summary>
/// Every key there is. What stands in braces is the hash tag: all keys of a service lie in one slot of Redis Cluster, so that a script
/// may touch them together. A slug holds no dot, so no service can take a tag that begins with one.
/// <code>
///   key                                      type    holds                                                            lives
///   oa:{.reported}                           zset    slug -> minute of its last report (ReportedServices)             for ever
///   oa:{chatgpt}:regions                     hash    region -> newest minute counted                                  for ever
///   oa:{chatgpt}:minutes:IT:480636           string  log of cells of one hour, slot = minute * 126 + cell             8 days, incidents for ever
///   oa:{chatgpt}:spans:IT:20026              string  log of cells of one day, slot = half hour * 126 + cell           13 months
///   oa:{chatgpt}:reporters:IT:1922544        string  8 bytes of each reporter of a quarter of an hour, up to 513      as minutes
///   oa:{chatgpt}:hll:IT:1922544              HLL     all of them                                                      as minutes
///   oa:{chatgpt}:recent:down:961272          hash    8 bytes of the reporter -> when, of one half hour of arrival     1 hour
///   oa:{chatgpt}:batch:0123…cdef             string  a batch as it was counted (StoredBatch)                          25 hours
///   oa:{chatgpt}:amended:0123…cdef           hash    place in the batch -> cell and region, of reports told of since  as the batch
///   oa:{chatgpt}:words:20026                 hash    report -> its remark, of one day                                 30 days
///   oa:{chatgpt}:reviews:7                   list    reviews of an incident, the newest last                          for ever
///   oa:{.proposals}:groups                   hash    proposal -> key, name, domain, first, last, reports; 300 at most         for ever
///   oa:{.proposals}:cells:0123…cdef          hash    minute and region -> reports of a proposal; 4,096 at most                40 days
///   oa:{.proposals}:order:0123…cdef          zset    the same by minute                                                       40 days
///   oa:{.proposals}:minutes:0123…cdef        hash    minute -> reports of a proposal                                          40 days
///   oa:{.proposals}:turns:0123…cdef:961272   hash    reporter -> when and where from, of one half hour                        1 hour
///   oa:{.proposals}:names:961272             hash    reporter -> how many it named in one half hour                           1 hour
///   oa:{.proposals}:accepted                 hash    slug -> a service that was accepted (StoredAcceptance)                      for ever
///   oa:{.proposals}:slugs                    hash    proposal -> slug                                                         for ever
///   oa:{.proposals}:slugs-in-order           list    slugs, the oldest first                                                  for ever
///   oa:{.proposals}:moved                    set     slugs whose counts are their own                                         for ever
///   oa:{.observed}:stretches                 zset    first minute -> the minute after the last one                    for ever
///   oa:{.observed}:at                        string  newest instant noted, ms                                         for ever
///   oa:{.repeated:0123…cdef}                 string  when a partner's batch was first seen, and its body             1 day
///   oa:{.agreed}:reporter-key                string  what the first of all nodes said of itself                       for ever
///   oa:{.agreed}:clock                       string  the nodes' clock: "machine", or a simulated one as it is set     for ever
///   oa:{.agreed}:clock-began                 string  when the simulated clock showed its start, ms of Redis' time     for ever
///   oa:{.agreed}:reports                     string  "real", or "made up" by a demo                                   for ever
///   oa:{.agreed}:demo-made                   string  who plays the demo whose history is there                        for ever
///   oa:{.lease}:demo                         string  who plays the demo                                               10 seconds
///   oa:{.agreed}:data                        string  a number for all that is here, to know it by                     for ever
///   oa-outage/members/oa-outage              hash    the nodes of a cluster, as Orleans writes them                    for ever
///   oa:{.incidents}:log                      list    events; the position is the place, from 1                        for ever
///   oa:{.incidents}:ids                      hash    id of an event -> its position                                   for ever
///   oa:{.cursors}                           zset    consumer of that log -> the position up to which it took events      for ever
///   oa:{.shadow}:log, :ids                           the same of the candidate detector
///   oa:{.shadow}:runs                        list    when which candidate began                                       for ever
/// </code>
/// Bytes of one region of one service for one day, by how many reports it has (MEMORY USAGE of Redis 7.0, keys included, four problems on
/// three surfaces):
/// <code>
///                      160     2,900    50,000 reports
///   minutes          3,200    25,000   276,000      8 days
///   spans            2,100     8,300    20,600     13 months
///   reporters       10,000    47,300   520,000      8 days
///   hll              9,700    24,100   176,000      8 days
///   recent             350     2,900   145,000      at any time, of the last hour
///   batch           25,000   250,000 2,200,000      25 hours, where 1 to 10 reports come together
/// </code>
/// Hours, days, quarters and half hours are numbered from 1970. A time to live begins with the first write and is real time, also where a
/// clock is simulated: it tidies up, and no answer depends on it but whether a partner's batch is new. Days, months and the "oa" are
/// settings (<see cref="RedisSettings"/>).
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>How long reporters of a half hour live, seconds: their half hour and the next one.</summary>
    public const int RecentSeconds = 3_600;

    /// <summary>Minutes in a span: what a baseline is made of, so its past needs no minutes.</summary>
    public const int SpanMinutes = 30;

    private const long RecentMilliseconds = 1_800_000;

    public static int DayOf(Minute minute) => minute.FloorTo(Minute.PerDay).Number / Minute.PerDay;

    /// <summary>The half hour of arrival, as the reporters of the last ones are kept.</summary>
    public static long RecentOf(long receivedAt) => (long)Math.Floor((double)receivedAt / RecentMilliseconds);

    /// <summary>Matches every key of ours.</summary>
    public string All => $"{prefix}:*";

    /// <summary>Slugs that were ever counted, as earlier versions kept them: a set, emptied by <c>ReportedServices</c>.</summary>
    public RedisKey FormerServices => $"{prefix}:services";

    public RedisKey Cursors => $"{prefix}:{{.cursors}}";
    public RedisKey Reported => $"{prefix}:{{.reported}}";
    public RedisKey Stretches => $"{prefix}:{{.observed}}:stretches";
    public RedisKey ObservedAt => $"{prefix}:{{.observed}}:at";
    public RedisKey Regions(ServiceSlug service) => $"{prefix}:{{{service}}}:regions";
    public RedisKey Minutes(WatchKey key, int hour) => $"{prefix}:{{{key.Service}}}:minutes:{key.Region}:{hour}";
    public RedisKey Spans(WatchKey key, int day) => $"{prefix}:{{{key.Service}}}:spans:{key.Region}:{day}";
    public RedisKey Reporters(WatchKey key, int quarter) => $"{prefix}:{{{key.Service}}}:reporters:{key.Region}:{quarter}";
    public RedisKey HyperLogLog(WatchKey key, int quarter) => $"{prefix}:{{{key.Service}}}:hll:{key.Region}:{quarter}";
    public RedisKey Recent(ServiceSlug service, ReportKind kind, long halfHour) =>
        $"{prefix}:{{{service}}}:recent:{(kind == ReportKind.Down ? "down" : "back")}:{halfHour}";
    public RedisKey Batch(ServiceSlug service, BatchId id) => $"{prefix}:{{{service}}}:batch:{id}";
    public RedisKey Amended(ServiceSlug service, BatchId id) => $"{prefix}:{{{service}}}:amended:{id}";
    public RedisKey Words(ServiceSlug service, int day) => $"{prefix}:{{{service}}}:words:{day}";
    public RedisKey Reviews(IncidentId incident) => $"{prefix}:{{{incident.Service}}}:reviews:{incident.Number}";
    public RedisKey Proposals(string part) => $"{prefix}:{{.proposals}}:{part}";
    public RedisKey Proposal(string part, ProposalId id) => $"{prefix}:{{.proposals}}:{part}:{id}";
    public RedisKey ProposalTurns(ProposalId id, long halfHour) => $"{prefix}:{{.proposals}}:turns:{id}:{halfHour}";
    public RedisKey Runs(string name) => $"{prefix}:{{.{name}}}:runs";
    public RedisKey Repeated(UInt128 id) => $"{prefix}:{{.repeated:{id:x32}}}";
    public RedisKey Agreed(string name) => $"{prefix}:{{.agreed}}:{name}";
    public RedisKey Lease(string name) => $"{prefix}:{{.lease}}:{name}";
    public RedisKey Log(string name) => $"{prefix}:{{.{name}}}:log";
    public RedisKey Ids(string name) => $"{prefix}:{{.{name}}}:ids";
}
