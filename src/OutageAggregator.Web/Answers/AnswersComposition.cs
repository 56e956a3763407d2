using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OutageAggregator.Web.Caching;
using OutageAggregator.Web.Features.Live;

namespace OutageAggregator.Web.Answers;

/// <summary>What the reading addresses share.</summary>
internal static class AnswersComposition
{
    internal static IServiceCollection AddAnswers(this IServiceCollection services)
    {
        services.TryAddSingleton<FreshAnswers>();
        services.TryAddSingleton<LiveFrames>();
        return services;
    }
}
