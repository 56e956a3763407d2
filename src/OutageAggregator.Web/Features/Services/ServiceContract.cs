using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OutageAggregator.Core.Incidents;
using OutageAggregator.Core.Reports;
using OutageAggregator.Runtime.Reading;
using OutageAggregator.Web.Answers;
using OutageAggregator.Web.Resources;

namespace OutageAggregator.Web.Features.Services;

/// <summary>A page of the list of services.</summary>
internal sealed record ServiceListAnswer(ImmutableArray<ServiceItem> Items, string? Next);

/// <summary>One line of the list.</summary>
internal sealed record ServiceItem(
    string Slug,
    string Name,
    string Category,
    string Status,
    DateTimeOffset? Since,
    int Reports15m,
    double? Expected15m,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncidentId)
{
    internal static ServiceItem Of(ServiceSummary s) => new(
        s.Service.Slug.ToString(),
        s.Service.Name,
        s.Service.Category,
        s.Status.Code(),
        s.Since,
        s.Pulse.Reports15m,
        Rounded.Expected(s.Pulse.Expected15m),
        s.IncidentId?.ToString());
}

/// <summary>A service: the line of the list, how it is named and grouped, and the last 15 minutes by problem, surface and region.</summary>
internal sealed record ServiceAnswer(
    string Slug,
    string Name,
    string Category,
    string Status,
    DateTimeOffset? Since,
    int Reports15m,
    double? Expected15m,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncidentId,
    ImmutableArray<string> Aliases,
    string? Family,
    ImmutableArray<string> Members,
    string? Homepage,
    ImmutableArray<RecentShare> Problems,
    ImmutableArray<RecentShare> Surfaces,
    ImmutableArray<RecentShare> Regions,
    int Back15m,
    double? StillBrokenShare,
    OfficialStatement? Official,
    string Confidence)
{
    internal static ServiceAnswer Of(ServiceDetails d)
    {
        var item = ServiceItem.Of(d.Summary);
        var service = d.Summary.Service;
        return new ServiceAnswer(
            item.Slug,
            item.Name,
            item.Category,
            item.Status,
            item.Since,
            item.Reports15m,
            item.Expected15m,
            item.IncidentId,
            service.Aliases,
            service.Family?.ToString(),
            [.. service.Members.Select(m => m.ToString())],
            service.Homepage,
            [.. d.Problems.Select(p => RecentShare.Of(p.Of.Code(), Labels.Of(p.Of), p))],
            [.. d.Surfaces.Select(s => RecentShare.Of(s.Of.Code(), Labels.Of(s.Of), s))],
            [.. d.Regions.Select(r => RecentShare.Of(r.Of.ToString(), r.Of.Name, r))],
            d.Back15m,
            d.StillBrokenShare is { } share ? Rounded.Part(share) : null,
            Official: null,
            d.Confidence.Code());
    }
}

/// <summary>How many of the reports of the last 15 minutes name something.</summary>
internal readonly record struct RecentShare(string Code, string Label, int Reports15m, double Share)
{
    internal static RecentShare Of<T>(string code, string label, Share<T> share)
        where T : struct => new(code, label, share.Reports, Rounded.Part(share.Portion));
}

/// <summary>What the provider said, and when.</summary>
internal sealed record OfficialStatement(DateTimeOffset At, string State, string Text, string? Url);

[JsonSerializable(typeof(ServiceListAnswer))]
[JsonSerializable(typeof(ServiceAnswer))]
internal sealed partial class ServiceJson : JsonSerializerContext
{
    internal static ServiceJson Written { get; } = new(AnswerJson.Options());
}
