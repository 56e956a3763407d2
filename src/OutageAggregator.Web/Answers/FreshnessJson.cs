using System.Text.Json.Serialization;

namespace OutageAggregator.Web.Answers;

[JsonSerializable(typeof(FreshnessAnswer))]
internal sealed partial class FreshnessJson : JsonSerializerContext
{
    internal static FreshnessJson Written { get; } = new(AnswerJson.Options());
}
