using OutageAggregator.Core.Windows;

namespace OutageAggregator.Core.Tests.Windows;

public sealed class ReporterSketchTests
{
    [Fact]
    public void Up_to_512_reporters_are_counted_exactly()
    {
        var sketch = Of(0, ReporterSketch.ExactLimit);

        Assert.True(sketch.IsExact);
        Assert.Equal(512, sketch.Estimate());
        Assert.False(sketch.Add(Person(3)));
        Assert.Equal(512, sketch.Estimate());
    }

    [Fact]
    public void A_reporter_taken_out_of_an_exact_sketch_is_not_counted()
    {
        var sketch = Of(0, 10);

        Assert.True(sketch.Remove(Person(4)));
        Assert.False(sketch.Remove(Person(4)));
        Assert.Equal(9, sketch.Estimate());
    }

    [Theory]
    [InlineData(513)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    [InlineData(200_000)]
    [InlineData(1_000_000)]
    public void Larger_crowds_are_estimated_without_bias(int people)
    {
        // Five crowds of their own: each within four standard errors, their mean within two of its own.
        var errors = Enumerable.Range(0, 5)
            .Select(crowd => (Of(crowd * 10_000_000, people).Estimate() - people) / (double)people).ToArray();

        Assert.All(errors, e => Assert.InRange(e, -0.065, 0.065));
        Assert.InRange(errors.Average(), -0.0146, 0.0146);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(400, 400)]
    [InlineData(300, 5_000)]
    [InlineData(5_000, 300)]
    [InlineData(9_000, 9_000)]
    public void A_union_counts_those_in_both_once(int first, int second)
    {
        // Half of the smaller one is in the other too.
        var shared = Math.Min(first, second) / 2;
        var union = Of(0, first);
        union.UnionWith(Of(first - shared, second));

        var expected = first + second - shared;
        var error = union.IsExact ? 0 : 0.065 * expected;
        Assert.Equal(expected, union.Estimate(), error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(40_000)]
    public void A_packed_sketch_is_read_back(int people)
    {
        var sketch = Of(0, people);
        var bytes = new byte[sketch.PackedLength];
        sketch.Pack(bytes);

        var again = ReporterSketch.Unpack(bytes);

        Assert.Equal(sketch.IsExact, again.IsExact);
        Assert.Equal(sketch.Estimate(), again.Estimate());
        Assert.True(bytes.Length <= 4097);
        again.Add(Person(-7));
        sketch.Add(Person(-7));
        Assert.Equal(sketch.Estimate(), again.Estimate());
    }

    [Fact]
    public void Bytes_that_are_no_sketch_are_refused()
    {
        Assert.Throws<FormatException>(() => ReporterSketch.Unpack([]));
        Assert.Throws<FormatException>(() => ReporterSketch.Unpack([0, 1, 2]));
        Assert.Throws<FormatException>(() => ReporterSketch.Unpack(new byte[4098]));
        var beyond = new byte[4097];
        (beyond[0], beyond[9]) = (1, 54);
        Assert.Throws<FormatException>(() => ReporterSketch.Unpack(beyond));
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        var sketch = Of(0, 5);
        var copy = sketch.Copy();
        copy.Add(Person(99));

        Assert.Equal(5, sketch.Estimate());
        Assert.Equal(6, copy.Estimate());
    }

    private static Reporter Person(int number) => new(0xA11CE, (ulong)number);

    private static ReporterSketch Of(int first, int count)
    {
        var sketch = new ReporterSketch();
        for (var i = 0; i < count; i++)
            sketch.Add(Person(first + i));
        return sketch;
    }
}
