using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace OutageAggregator.Web.Answers;

/// <summary>
/// How every answer is written: camelCase, times as <see cref="Times"/>, letters of all scripts as they are (the characters that mean
/// something in HTML stay escaped). Each feature's generated context takes options of its own, because options belong to one context.
/// </summary>
internal static class AnswerJson
{
    private static readonly JavaScriptEncoder s_encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    internal static JsonSerializerOptions Options() =>
        new(JsonSerializerDefaults.Web) { Encoder = s_encoder, Converters = { new TimeConverter() } };
}
