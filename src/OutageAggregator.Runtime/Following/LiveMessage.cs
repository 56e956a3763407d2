using OutageAggregator.Runtime.Reading;

namespace OutageAggregator.Runtime.Following;

/// <summary>Something that listeners are told. One object goes to all of them, so that it is rendered once.</summary>
/// <param name="Position">The place in the incident log up to which a listener has heard everything once it has this message.</param>
public abstract record LiveMessage(long Position);

/// <summary>A service's status, as it is from an event on.</summary>
/// <param name="Position">
/// See <see cref="LiveMessage"/>; for a message that an <see cref="IncidentMessage"/> follows, the place before it.
/// </param>
/// <param name="Service">The service.</param>
/// <param name="Status">Its status.</param>
/// <param name="At">When it was decided; null for a service that nothing ever happened to.</param>
/// <param name="Since">When the status began.</param>
/// <param name="IncidentId">The open incident, if any.</param>
public sealed record StatusMessage(
    long Position, ServiceSlug Service, ServiceStatus Status, DateTimeOffset? At, DateTimeOffset? Since, IncidentId? IncidentId)
    : LiveMessage(Position);

/// <summary>What happened to an incident, with the incident after it.</summary>
public sealed record IncidentMessage(long Position, IncidentEvent Event, IncidentView Incident) : LiveMessage(Position);

/// <summary>The last 15 minutes of the services a listener watches: one, or all that are in trouble.</summary>
/// <param name="Position">See <see cref="LiveMessage"/>.</param>
/// <param name="At">Now, on the server's clock.</param>
/// <param name="Freshness">How old the data is.</param>
/// <param name="Services">The services, most troubled first.</param>
public sealed record CountsMessage(long Position, DateTimeOffset At, Freshness Freshness, ImmutableArray<ServiceSummary> Services)
    : LiveMessage(Position);
