using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Money;
using Minion.Models.Pipeline;

namespace Minion.Models.Tests.Money;

public sealed class EstimatesTests(MoneyDatabase fixture) : IClassFixture<MoneyDatabase>
{
    [Fact]
    public async Task A_file_is_estimated_by_its_bytes_and_an_image_is_not()
    {
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        var prices = host.Get<PriceList>();

        Tokens(prices, new DataContent(new byte[3_200_000], "application/pdf")).ShouldBeGreaterThanOrEqualTo(800_000);
        Tokens(prices, new DataContent(new byte[3_200_000], "image/png")).ShouldBeLessThan(10_000);
        Tokens(prices, new DataContent(new byte[10], "application/pdf")).ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public async Task The_schema_that_an_answer_must_have_counts()
    {
        await using var host = await MoneyHost.StartAsync(fixture.Database);
        var schema = JsonElement.Parse($$"""{"type":"object","description":"{{new string('x', 3000)}}"}""");
        var format = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "note") };

        Tokens(host.Get<PriceList>(), new TextContent("hi"), format).ShouldBeGreaterThan(1_000);
    }

    private static long Tokens(PriceList prices, AIContent content, ChatOptions? options = null)
    {
        var model = MoneyHost.Model("http://localhost");
        return Estimates.Of(new ChatRequest([new ChatMessage(ChatRole.User, [content])], options, false, model, MoneyHost.Call("estimates"), default), model, prices).Tokens;
    }
}
