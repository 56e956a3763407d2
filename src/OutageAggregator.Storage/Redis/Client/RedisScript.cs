namespace OutageAggregator.Storage.Redis.Client;

/// <summary>A script that runs as one step in Redis. Its text says what its keys and arguments are.</summary>
internal sealed class RedisScript
{
    public static readonly RedisScript Append = new("cells", "append");
    public static readonly RedisScript Withdraw = new("cells", "people", "withdraw");
    public static readonly RedisScript Amend = new("cells", "people", "amend");
    public static readonly RedisScript Import = new("cells", "import");
    public static readonly RedisScript Observe = new("observe");
    public static readonly RedisScript Log = new("log");
    public static readonly RedisScript Newest = new("newest");
    public static readonly RedisScript Begin = new("begin");
    public static readonly RedisScript Name = new("name");
    public static readonly RedisScript Accept = new("accept");
    public static readonly RedisScript Forget = new("forget");

    private RedisScript(params string[] parts) => Text = WithoutComments(string.Concat(parts.Select(Load)));

    /// <summary>One string for the life of the process: the client knows by it which servers hold the script.</summary>
    public string Text { get; }

    private static string Load(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(name + ".lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Where(l => !l.TrimStart().StartsWith("--", StringComparison.Ordinal)));
}
