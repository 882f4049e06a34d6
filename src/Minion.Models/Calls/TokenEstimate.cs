using Microsoft.Extensions.AI;

namespace Minion.Models;

/// <summary>Token counts where a provider gives none: four characters a token, as OpenAI's guide puts it for English text.</summary>
public static class TokenEstimate
{
    /// <summary>Set to true in the additional properties of a usage that is an estimate.</summary>
    public const string Key = "minion.estimated";

    private const int CharactersPerToken = 4;
    private const int TokensPerMessage = 4;

    /// <summary>Tokens of a text.</summary>
    /// <param name="characters">Its length; bytes of UTF-8 do as well, and count dense scripts better.</param>
    public static int OfLength(long characters) => (int)Math.Min(int.MaxValue, (characters + CharactersPerToken - 1) / CharactersPerToken);

    /// <summary>Tokens of a message in a prompt.</summary>
    /// <param name="characters">The length of its text, as for <see cref="OfLength"/>.</param>
    public static int OfMessage(long characters) => TokensPerMessage + OfLength(characters);

    /// <summary>An estimate for one call.</summary>
    /// <param name="messages">What is sent.</param>
    /// <param name="options">Its tools and instructions count too.</param>
    /// <param name="answer">The characters of the answer, each content's <see cref="Length"/>.</param>
    public static UsageDetails Usage(IEnumerable<ChatMessage> messages, ChatOptions? options, long answer)
    {
        var input = OfLength(options?.Instructions?.Length ?? 0)
            + messages.Sum(m => (long)TokensPerMessage + m.Contents.Sum(c => OfLength(Length(c))))
            + (options?.Tools ?? []).Sum(t => (long)OfLength(t.Name.Length + t.Description.Length));
        var output = (long)OfLength(answer);
        return new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };
    }

    /// <summary>The characters that count of one content.</summary>
    public static long Length(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        TextReasoningContent reasoning => reasoning.Text.Length,
        FunctionCallContent call => call.Name.Length + ToolCallArguments.RawOf(call).Length,
        FunctionResultContent result => ToolResultText.Of(result).Length,
        _ => 0,
    };
}
