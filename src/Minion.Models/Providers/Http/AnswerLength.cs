using Microsoft.Extensions.AI;

namespace Minion.Models.Providers.Http;

/// <summary>How much of an answer came, and the limit to it.</summary>
internal sealed class AnswerLength(Endpoint endpoint)
{
    // More than any model says at once, and whatever it is in UTF-8, a message of gRPC (4 MB) can carry it.
    private const long Most = 1024 * 1024;

    /// <summary>The characters that came so far.</summary>
    public long Characters { get; private set; }

    /// <exception cref="ModelException">The answer is longer than any is.</exception>
    public void Add(int characters)
    {
        Characters += characters;
        if (Characters > Most)
        {
            throw endpoint.Invalid($"is longer than {Most:#,0} characters");
        }
    }

    /// <summary>Counts a content and gives it back.</summary>
    public T Add<T>(T content)
        where T : AIContent
    {
        Add(content switch
        {
            TextContent text => text.Text.Length,
            TextReasoningContent reasoning => reasoning.Text.Length,
            FunctionCallContent call => ToolCallArguments.RawOf(call).Length,
            _ => 0,
        });
        return content;
    }
}
