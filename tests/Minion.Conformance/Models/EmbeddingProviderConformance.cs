using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Models;

namespace Minion.Conformance.Models;

/// <summary>What every provider of embeddings keeps, seen through the gateway.</summary>
public abstract class EmbeddingProviderConformance : IDisposable
{
    private readonly ServiceProvider _host = ModelHost.Start();

    /// <summary>A model that embeds.</summary>
    protected abstract ModelDefinition Model { get; }

    [Fact]
    public async Task Each_text_has_its_vector_at_its_place()
    {
        var alone = (await GenerateAsync("beta")).Single();

        var together = await GenerateAsync("alpha", "beta", "gamma");

        together.Count.ShouldBe(3);
        together[1].Vector.ToArray().ShouldBe(alone.Vector.ToArray());
        together[0].Vector.ToArray().ShouldNotBe(together[1].Vector.ToArray());
        together.Select(e => e.Vector.Length).Distinct().ShouldHaveSingleItem().ShouldBeGreaterThan(1);
        together.ShouldAllBe(e => e.ModelId != null);
    }

    [Fact]
    public async Task More_texts_than_one_request_takes_come_all_and_in_order()
    {
        var texts = Enumerable.Range(0, 2500).Select(i => $"text number {i}").ToArray();

        var embeddings = await GenerateAsync(texts);

        embeddings.Count.ShouldBe(texts.Length);
        foreach (var place in new[] { 0, 99, 100, 1024, 2048, 2499 })
        {
            embeddings[place].Vector.ToArray().ShouldBe((await GenerateAsync(texts[place])).Single().Vector.ToArray());
        }
    }

    [Fact]
    public async Task Tokens_are_counted_over_all_batches()
    {
        var few = await GenerateAsync("one", "two");
        var many = await GenerateAsync([.. Enumerable.Repeat("a text of some words", 2500)]);

        few.Usage!.InputTokenCount!.Value.ShouldBeGreaterThan(0);
        many.Usage!.InputTokenCount!.Value.ShouldBeGreaterThan(2500);
    }

    [Fact]
    public async Task No_texts_are_no_embeddings() => (await GenerateAsync()).ShouldBeEmpty();

    [Fact]
    public async Task An_empty_text_is_refused_with_its_place()
    {
        var error = await Should.ThrowAsync<ModelException>(() => GenerateAsync("one", ""));

        error.Kind.ShouldBe(ModelErrorKind.InvalidRequest);
        error.Message.ShouldContain("2 of 2");
    }

    [Fact]
    public async Task The_wanted_dimensions_are_given()
    {
        var embeddings = await Generator().GenerateAsync(["one"], new EmbeddingGenerationOptions { Dimensions = 64 });

        embeddings.Single().Vector.Length.ShouldBe(64);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Generator().GenerateAsync(["one"], cancellationToken: cancelled.Token));
    }

    [Fact]
    public async Task A_call_after_its_deadline_is_not_made()
    {
        var late = _host.GetRequiredService<ModelGateway>().GetEmbeddingGenerator(Model, ModelHost.Call with { Deadline = DateTimeOffset.UnixEpoch });

        (await Should.ThrowAsync<ModelException>(() => late.GenerateAsync(["one"]))).Kind.ShouldBe(ModelErrorKind.TimedOut);
    }

    public virtual void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(params string[] texts) => Generator().GenerateAsync(texts);

    private IEmbeddingGenerator<string, Embedding<float>> Generator() =>
        _host.GetRequiredService<ModelGateway>().GetEmbeddingGenerator(Model, ModelHost.Call);
}
