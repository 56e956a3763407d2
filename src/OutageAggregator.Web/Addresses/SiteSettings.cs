using System.ComponentModel;

namespace OutageAggregator.Web.Addresses;

/// <summary>Where people reach this site.</summary>
public sealed class SiteSettings
{
    [Description("Where people reach this site: links that leave it, citations and the description of the API begin with it, and its pages "
        + "may report. Unless set, the address that each request names.")]
    public PublicUrl? PublicUrl { get; set; }
}
