namespace OutageAggregator.Web.Features.About;

/// <summary>What a page in prose is about.</summary>
/// <param name="Origin">Where this server is reached: <c>https://example.org</c>.</param>
/// <param name="Example">A service that is really there, so that examples work as they stand.</param>
public sealed record AboutModel(Topic Topic, string Origin, string Example);

/// <summary>How it is counted, what is kept, and how to use the data.</summary>
public static class AboutPages
{
    public static void MapAbout(this IEndpointRouteBuilder app)
    {
        Map(app, "/methodology", Topic.Method);
        Map(app, "/privacy", Topic.Privacy);
        Map(app, "/developers", Topic.Data);
    }

    private static void Map(IEndpointRouteBuilder app, string address, Topic topic) =>
        app.MapMethods(address, ReadRoutes.Methods, (HttpContext context, PageAnswers pages, Catalog catalog) =>
        {
            var origin = PublicAddress.Of(context);
            var example = catalog.Services.FirstOrDefault(s => s.Slug.ToString() == "chatgpt") ?? catalog.Services[0];
            var model = new AboutModel(topic, origin, example.Slug.ToString());
            return pages.SharedAsync<AboutPage>(context, origin + address, address, () => Task.FromResult<object>(model), isKept: false);
        }).ExcludeFromDescription();
}
