using Microsoft.Playwright;

namespace OutageAggregator.Browser.Tests.Looking;

/// <summary>The words of the charts on a page, as the browser has laid them out.</summary>
internal static class ChartLabels
{
    private const string Misplaced =
        """
        () => [...document.querySelectorAll('svg.spike')].flatMap(svg => {
          const room = svg.getBoundingClientRect();
          // From the first letter to the last: an element's own box is up to a pixel wider in some versions of Chromium.
          const box = t => {
            const { y, width, height } = t.getBBox(), letters = width && t.getNumberOfChars();
            const x = letters && t.getStartPositionOfChar(0).x;
            return new DOMRect(x, y, letters && t.getEndPositionOfChar(letters - 1).x - x, height);
          };
          const labels = [...svg.querySelectorAll('text')].map(t => ({ t, b: box(t) })).filter(l => l.b.width > 0);
          const outside = ({ b }) => b.x < -1 || b.y < -1 || b.x + b.width > room.width + 1 || b.y + b.height > room.height + 1;
          const reaches = (a, b) => a.x + a.width > b.x + .5 && a.y + a.height > b.y + .5;
          const touch = (a, b) => reaches(a, b) && reaches(b, a);
          const where = ({ t, b }) => `"${t.textContent}" at ${[b.x, b.y, b.x + b.width, b.y + b.height].map(n => n.toFixed(1))}`;
          return [
            ...labels.filter(outside).map(l => `${where(l)} leaves ${svg.id} ${room.width} x ${room.height}`),
            ...labels.flatMap((l, i) => labels.slice(i + 1).filter(m => touch(l.b, m.b))
              .map(m => `${where(l)} touches ${where(m)}, ${room.width} wide`)),
          ];
        })
        """;

    /// <summary>What is wrong: words that leave their picture, and words that touch each other.</summary>
    internal static Task<string[]> MisplacedAsync(IPage page) => page.EvaluateAsync<string[]>(Misplaced);

    /// <summary>How many labels with a class each chart of the page shows that has any.</summary>
    internal static Task<int[]> CountAsync(IPage page, string code) => page.EvaluateAsync<int[]>(
        """
        code => [...document.querySelectorAll('svg.spike')].map(svg => [...svg.getElementsByClassName(code)])
          .filter(labels => labels.length).map(labels => labels.filter(t => t.getBBox().width > 0).length)
        """, code);
}
