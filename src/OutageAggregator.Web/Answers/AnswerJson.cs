using System.Text.Encodings.Web;
using System.Text.Json;

namespace OutageAggregator.Web.Answers;

/// <summary>
/// How every answer is written: camelCase, times as <see cref="Times"/>, characters of all scripts as they are. What JSON embedded in HTML
/// would have to escape is not escaped: answers are never embedded, and are sent as application/json with nosniff. Each feature's generated context takes options of its own, because options belong to one context.
/// </summary>
internal static class AnswerJson
{
    internal static JsonSerializerOptions Options() =>
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new TimeConverter() } };
}
