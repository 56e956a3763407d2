using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>
/// The rules of axe on a page without frames. The script is brought in once a page and tells violations only: one look takes a second
/// less than by the binding for Playwright, which opens a page of its own for each.
/// </summary>
internal static class Axe
{
    private static readonly string s_script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Brings the script into a page; it is gone with the page.</summary>
    internal static Task BringAsync(IPage page) => page.EvaluateAsync(s_script);

    /// <summary>What is wrong, one line an element.</summary>
    /// <param name="page">A page that <see cref="BringAsync"/> was told of.</param>
    /// <param name="rules">The only rules to look at; none is all.</param>
    internal static Task<string[]> ViolationsAsync(IPage page, params string[] rules) => page.EvaluateAsync<string[]>(
        """
        async rules => {
          const only = rules.length ? { runOnly: { type: 'rule', values: rules } } : {};
          const found = await axe.run(document, { resultTypes: ['violations'], ...only });
          return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${v.help}: ${n.html}`));
        }
        """, rules);
}
