using System.Text.Json;
using System.Text.Json.Serialization;

namespace OutageAggregator.Storage;

/// <summary>
/// An accepted service as it is written, for ever, under names of its own: fields may be added, with a default; none may change its meaning.
/// </summary>
internal sealed record StoredAcceptance(
    string Slug, string Name, string Category, string[] Aliases, string Zone, string? Homepage, string[] Domains, string? StatusPage,
    string Proposal, DateTimeOffset At, string KeyName)
{
    public static string Write(AcceptedProposal accepted)
    {
        var s = accepted.Service;
        return JsonSerializer.Serialize(
            new StoredAcceptance(
                s.Slug.ToString(), s.Name, s.Category, [.. s.Aliases], s.Zone, s.Homepage, [.. s.Domains], s.StatusPage,
                accepted.Proposal.ToString(), accepted.At, accepted.KeyName),
            StoredAcceptanceJson.Default.StoredAcceptance);
    }

    /// <exception cref="InvalidDataException">The text is no accepted service.</exception>
    public static AcceptedProposal Read(string? text, bool isMoved)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(text ?? "", StoredAcceptanceJson.Default.StoredAcceptance);
            if (stored is null || !ProposalId.TryParse(stored.Proposal, out var proposal))
                throw new InvalidDataException("A stored service is damaged.");
            var service = new Service(
                ServiceSlug.Parse(stored.Slug), stored.Name, stored.Category, [.. stored.Aliases], Family: null, stored.Zone, stored.Homepage)
            {
                Domains = [.. stored.Domains],
                StatusPage = stored.StatusPage,
            };
            return new AcceptedProposal(service, proposal, stored.At, stored.KeyName, isMoved);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"A stored service is damaged: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredAcceptance))]
internal sealed partial class StoredAcceptanceJson : JsonSerializerContext;
