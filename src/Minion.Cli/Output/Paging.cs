using System.CommandLine;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Minion.Cli.Output;

/// <summary>Lists that the server gives page by page.</summary>
internal static class Paging
{
    private const int LargestPage = 200;

    public static Option<int> Limit()
    {
        var limit = new Option<int>("--limit") { Description = "How many at most.", HelpName = "number", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && int.TryParse(given, out var number) && number < 1)
            {
                result.AddError("--limit is a number from 1 on.");
            }
        });
        return limit;
    }

    public static async Task<IReadOnlyList<T>> ReadAsync<T>(int limit, Func<int, string, Task<(RepeatedField<T> Items, string Next)>> read)
    {
        var items = new Page<T>();
        var token = "";
        do
        {
            var (page, next) = await read(Math.Clamp(limit - items.Count, 1, LargestPage), token);
            items.AddRange(page);
            token = next;
        }
        while (token.Length > 0 && items.Count < limit);

        items.HasMore = token.Length > 0;
        return items;
    }

    public static void Write<T>(Invocation invocation, IReadOnlyList<T> items, string[] headings, Func<T, string[]> row, string empty)
        where T : IMessage
    {
        if (invocation.Json)
        {
            invocation.Terminal.Document(JsonOutput.Nodes(items.Cast<IMessage>()));
        }
        else
        {
            invocation.Terminal.Table(headings, items.Select(row), empty);
            if (items is Page<T> { HasMore: true })
            {
                invocation.Terminal.Error.WriteLine($"There are more than these {items.Count}: --limit shows as many as you want.");
            }
        }
    }

    /// <summary>What was read of a list.</summary>
    private sealed class Page<T> : List<T>
    {
        /// <summary>Whether the server has more.</summary>
        public bool HasMore { get; set; }
    }
}
