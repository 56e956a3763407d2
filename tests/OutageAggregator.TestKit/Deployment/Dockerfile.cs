namespace OutageAggregator.TestKit.Deployment;

/// <summary>One line of a Dockerfile, its continuations included.</summary>
/// <param name="Stage">The stage it belongs to; empty before the first one.</param>
/// <param name="Name">In capitals: <c>COPY</c>.</param>
/// <param name="Rest">What follows the name.</param>
internal sealed record Instruction(string Stage, string Name, string Rest);

/// <summary>A Dockerfile, instruction by instruction.</summary>
internal sealed class Dockerfile
{
    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);

    private Dockerfile(string text)
    {
        var stage = "";
        var all = new List<Instruction>();
        var whole = string.Join('\n', text.Split('\n').Where(l => !l.TrimStart().StartsWith('#'))).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in whole.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0))
        {
            var (name, rest) = (line.Split(' ')[0].ToUpperInvariant(), line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim());
            if (name == "FROM")
            {
                var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => !w.StartsWith("--", StringComparison.Ordinal)).ToArray();
                stage = words is [_, "AS", var given] ? given : $"stage {_origins.Count}";
                _origins[stage] = words[0];
            }
            all.Add(new Instruction(stage, name, rest));
        }
        Instructions = all;
    }

    public IReadOnlyList<Instruction> Instructions { get; }

    public IEnumerable<string> Stages => _origins.Keys;

    public static Dockerfile Read(string text) => new(text);

    /// <summary>What an image holds in the end: the instructions of a stage and of all that it is made from, the oldest first.</summary>
    public IReadOnlyList<Instruction> ImageOf(string stage) =>
        [.. _origins.TryGetValue(stage, out var origin) ? ImageOf(origin) : [], .. Instructions.Where(i => i.Stage == stage)];

    /// <summary>The last instruction of a name in an image, which is the one that counts.</summary>
    public string Last(string stage, string name) =>
        ImageOf(stage).LastOrDefault(i => i.Name == name)?.Rest ?? throw new InvalidDataException($"{stage} has no {name}.");

    /// <summary>The variables of an image.</summary>
    public Dictionary<string, string> VariablesOf(string stage)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in ImageOf(stage).Where(i => i.Name == "ENV").SelectMany(i => i.Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            variables[pair.Split('=', 2)[0]] = pair.Split('=', 2)[1];
        return variables;
    }

    /// <summary>The project that an image's program is published from, such as <c>src/OutageAggregator.Server</c>.</summary>
    public string ProjectOf(string stage)
    {
        var from = ImageOf(stage).Single(i => i.Name == "COPY" && i.Rest.StartsWith("--from=", StringComparison.Ordinal)).Rest.Split(' ')[0]["--from=".Length..];
        var words = Instructions.Single(i => i.Stage == from && i.Name == "RUN").Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        return words[words.IndexOf("publish") + 1];
    }

    /// <summary>What is copied from the build's context, as it stands there.</summary>
    public IEnumerable<string> FromContext() =>
        Instructions.Where(i => i.Name == "COPY" && !i.Rest.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(i => i.Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => !w.StartsWith("--", StringComparison.Ordinal)).SkipLast(1));
}
