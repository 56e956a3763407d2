using System.Text.Json;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>
/// Whether Compose takes the file, by the schema that the Compose Specification publishes (<c>compose-spec.json</c>, Apache-2.0, unchanged).
/// </summary>
public sealed class ComposeSchemaTests
{
    private static readonly JsonSchema s_schema = ReadSchema();

    [Fact]
    public void The_compose_file_is_one_by_the_specification()
    {
        var result = Evaluate(SourceTree.Read("docker-compose.yml"));

        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))));
    }

    [Theory]
    [InlineData("    read_only: true", "    readonly: true")]
    [InlineData("    mem_limit: 1g", "    mem_limit: [1g]")]
    public void A_key_or_a_value_that_it_does_not_know_is_found(string written, string instead)
    {
        var file = SourceTree.Read("docker-compose.yml");
        Assert.Contains("services:\n  embedded:\n", file, StringComparison.Ordinal);

        Assert.False(Evaluate(file.Replace("services:\n  embedded:\n", $"services:\n  embedded:\n{instead}\n", StringComparison.Ordinal).Replace($"\n{written}\n", "\n", StringComparison.Ordinal)).IsValid);
    }

    private static EvaluationResults Evaluate(string yaml)
    {
        using var reader = new StringReader(yaml);
        // Merge keys are the file's own way of writing, as Compose resolves them before it looks.
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(new MergingParser(new Parser(reader)));
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(value);
        using var document = JsonDocument.Parse(json);
        return s_schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
    }

    private static JsonSchema ReadSchema()
    {
        using var stream = typeof(ComposeSchemaTests).Assembly.GetManifestResourceStream("compose-spec.json")!;
        using var reader = new StreamReader(stream);
        // The address of its dialect is misspelt, which others overlook.
        return JsonSchema.FromText(reader.ReadToEnd().Replace("\"https://json-schema.org/draft-07/schema\"", "\"http://json-schema.org/draft-07/schema#\"", StringComparison.Ordinal));
    }
}
