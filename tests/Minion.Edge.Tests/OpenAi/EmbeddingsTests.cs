using System.Runtime.InteropServices;
using System.Text.Json;

namespace Minion.Edge.Tests.OpenAi;

public sealed class EmbeddingsTests
{
    private const string Path = "/v1/embeddings";

    [Fact]
    public async Task Texts_get_vectors_in_their_order()
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, """{"model":"default","input":["one","two"],"user":"u"}""");
        status.ShouldBe(200, body.ToString());
        body.ShouldBeA("CreateEmbeddingResponse");
        var (_, alone) = await edge.AskAsync(Path, """{"model":"default","input":"two"}""");
        Numbers(alone, 0).ShouldBe(Numbers(body, 1));
        Numbers(body, 0).ShouldNotBe(Numbers(body, 1));
        body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBePositive();
    }

    [Fact]
    public async Task Base64_holds_the_same_numbers()
    {
        await using var edge = await EdgeHost.StartAsync();
        var (_, numbers) = await edge.AskAsync(Path, """{"model":"default","input":"one","dimensions":8}""");
        var (_, text) = await edge.AskAsync(Path, """{"model":"default","input":"one","dimensions":8,"encoding_format":"base64"}""");
        var decoded = MemoryMarshal.Cast<byte, float>(text.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64()).ToArray();
        decoded.ShouldBe(Numbers(numbers, 0));
        decoded.Length.ShouldBe(8);
    }

    [Theory]
    [InlineData("""{"model":"default"}""", "input")]
    [InlineData("""{"model":"default","input":[]}""", "input")]
    [InlineData("""{"model":"default","input":""}""", "input")]
    [InlineData("""{"model":"default","input":[1,2,3]}""", "input")]
    [InlineData("""{"model":"default","input":["a",null]}""", "input")]
    [InlineData("""{"model":"default","input":"x","encoding_format":"hex"}""", "encoding_format")]
    [InlineData("""{"model":"default","input":"x","dimensions":0}""", "dimensions")]
    public async Task What_is_wrong_is_said(string request, string param)
    {
        await using var edge = await EdgeHost.StartAsync();
        var (status, body) = await edge.AskAsync(Path, request);
        (status, body.GetProperty("error").GetProperty("param").GetString()).ShouldBe((400, param), body.ToString());
    }

    private static float[] Numbers(JsonElement body, int index) =>
        [.. body.GetProperty("data")[index].GetProperty("embedding").EnumerateArray().Select(n => n.GetSingle())];
}
