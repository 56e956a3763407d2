namespace OutageAggregator.Runtime.Proposals;

/// <summary>Registers what follows accepted services, once however often it is called. It needs a catalog, the stores and the watches.</summary>
public static class ProposalComposition
{
    public static IServiceCollection AddProposals(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(AcceptedServices)))
            return services;
        services.AddSingleton<AcceptedServices>();
        services.AddHostedService(provider => provider.GetRequiredService<AcceptedServices>());
        return services;
    }
}
