namespace OutageAggregator.Web.Answers;

/// <summary>Marks a number that may be below 0; no other can.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SignedAttribute : Attribute;

/// <summary>Marks a member that is left out where it says nothing; all others are always there.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalAttribute : Attribute;
