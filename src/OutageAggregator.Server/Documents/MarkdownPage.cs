using System.Text;

namespace OutageAggregator.Server.Documents;

/// <summary>A page of the documents that is printed from the code.</summary>
internal sealed class MarkdownPage(string title, string introduction)
{
    private const string Origin = "<!-- Printed from the code by: dotnet run --project src/OutageAggregator.Server -- docs docs -->";

    private readonly StringBuilder _text = new($"# {title}\n\n{Origin}\n\n{introduction}\n");

    public MarkdownPage Section(string heading, string text = "")
    {
        _ = _text.Append("\n## ").Append(heading).Append('\n');
        if (text.Length > 0)
            _ = _text.Append('\n').Append(text).Append('\n');
        return this;
    }

    public MarkdownPage Table(string[] head, IEnumerable<string[]> rows)
    {
        _ = _text.Append('\n');
        foreach (var row in (IEnumerable<string[]>)[head, [.. head.Select(_ => "---")], .. rows])
            _ = _text.Append("| ").AppendJoin(" | ", row.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
        return this;
    }

    public override string ToString() => _text.ToString();
}
