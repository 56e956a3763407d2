using System.Text.Json;

namespace OutageAggregator.Runtime.Files;

/// <summary>
/// Reads a JSON file that a person writes: unknown, missing and doubled fields and wrong types are faults, comments are allowed, and a
/// fault is told with its line.
/// </summary>
internal static class StrictJsonFile
{
    private const long MaxBytes = 64 << 20;

    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for messages: "catalog".</param>
    /// <exception cref="InvalidDataException">It can't be read or has a fault; the message is one line that names both.</exception>
    public static async Task<T> ReadAsync<T>(string path, string what, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxBytes)
                throw new InvalidDataException(FormattableString.Invariant($"The {what} {path} has {stream.Length} bytes; at most {MaxBytes} are read."));
            return await JsonSerializer.DeserializeAsync<T>(stream, s_strict, cancellation)
                ?? throw new InvalidDataException($"The {what} {path} is the JSON value null.");
        }
        catch (JsonException e)
        {
            var line = e.LineNumber is { } number ? FormattableString.Invariant($", line {number + 1}") : "";
            throw new InvalidDataException($"The {what} {path}{line}: {InPlainWords(e.Message)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var why = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file." : e.Message;
            throw new InvalidDataException($"The {what} {path} can't be read: {why}", e);
        }
    }

    /// <summary>What the framework says of the fault, without its type names and without the place, which has been named.</summary>
    private static string InPlainWords(string message)
    {
        var fault = message.Split(" Path:")[0].Split(" LineNumber:")[0];
        var quoted = fault.Split('\'') is [_, var name, ..] ? name : "";
        return fault switch
        {
            _ when fault.Contains("could not be mapped", StringComparison.Ordinal) => $"there is no field '{quoted}' here; remove it or mend its name.",
            _ when fault.Contains("missing required properties", StringComparison.Ordinal) => $"a field is missing: {fault.Split("including: ")[^1]}",
            _ when fault.Contains("doesn't allow null", StringComparison.Ordinal) => $"the field '{quoted}' is null; give it a value.",
            _ when fault.Contains("could not be converted", StringComparison.Ordinal) => "a value is of the wrong type.",
            _ => fault,
        };
    }
}
