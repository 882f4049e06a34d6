using System.Text;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Money;

/// <summary>What a call may use at most, before it is made.</summary>
/// <param name="Usd">USD.</param>
/// <param name="Tokens">Input and output tokens.</param>
internal readonly record struct Estimate(decimal Usd, long Tokens);

/// <summary>Estimates calls for their reservation: rather too high than too low.</summary>
internal static class Estimates
{
    // Three bytes of UTF-8 a token: fewer than English has, and as many as scripts with a token for each character.
    private const int BytesPerToken = 3;
    private const int TokensPerMessage = 8;
    private const int TokensPerImage = 1600;
    private const int FileBytesPerToken = 4;

    public static Estimate Of(ChatRequest request, ModelDefinition model, PriceList prices)
    {
        var input = request.Messages.Sum(m => TokensPerMessage + m.Contents.Sum(Tokens))
            + OfText(request.Options?.Instructions)
            + (request.Options?.Tools ?? []).Sum(OfTool)
            + OfFormat(request.Options?.ResponseFormat);
        var output = Math.Min(request.Options?.MaxOutputTokens ?? long.MaxValue, prices.MaxOutput(model));
        var usd = prices.Of(model) is { } price ? Prices.Most(price, input, output) : 0;
        return new Estimate(usd, input + output);
    }

    /// <summary>What embedding the texts may use.</summary>
    public static Estimate Of(IReadOnlyList<string> texts, ModelDefinition model, PriceList prices)
    {
        var input = texts.Sum(OfText);
        return new Estimate(prices.Of(model) is { } price ? Prices.Most(price, input, 0) : 0, input);
    }

    private static long Tokens(AIContent content) => content switch
    {
        TextContent text => OfText(text.Text),
        TextReasoningContent reasoning => OfText(reasoning.Text),
        FunctionCallContent call => OfText(call.Name) + OfText(ToolCallArguments.RawOf(call)),
        FunctionResultContent result => OfText(ToolResultText.Of(result)),
        DataContent data when !data.HasTopLevelMediaType("image") => Math.Max(TokensPerImage, data.Data.Length / FileBytesPerToken),
        DataContent or UriContent => TokensPerImage,
        _ => 0,
    };

    private static long OfTool(AITool tool) =>
        TokensPerMessage + OfText(tool.Name) + OfText(tool.Description)
        + OfText((tool as AIFunctionDeclaration)?.JsonSchema is { ValueKind: System.Text.Json.JsonValueKind.Object } schema ? schema.GetRawText() : null);

    private static long OfFormat(ChatResponseFormat? format) => format is ChatResponseFormatJson { Schema: { } schema } json
        ? TokensPerMessage + OfText(json.SchemaName) + OfText(json.SchemaDescription) + OfText(schema.GetRawText())
        : 0;

    private static long OfText(string? text) => text is null ? 0 : (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;
}
