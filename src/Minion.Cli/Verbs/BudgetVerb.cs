using System.CommandLine;
using System.Globalization;
using Minion.Cli.Costs;
using Minion.Cli.Output;
using Minion.Contracts.Models.V1;

namespace Minion.Cli.Verbs;

internal static class BudgetVerb
{
    private const decimal MostAmount = 100_000_000_000;

    public static Command Create(Terminal terminal) => new Command("budget", "Sets, lists and removes what may be spent.") { Set(terminal), List(terminal), Remove(terminal) };

    private static Command Set(Terminal terminal)
    {
        var amount = new Argument<string>("amount") { Description = "How much, in USD or tokens; 0 refuses everything." };
        amount.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !IsAmount(given))
            {
                result.AddError($"'{given}' is not an amount: a decimal number from 0 to {MostAmount}, such as 12.50.");
            }
        });
        var agent = new Option<string?>("--agent") { Description = "Of this agent; '*' is each one for itself.", HelpName = "name" };
        var user = new Option<string?>("--user") { Description = "Of this user, by its name or principal (user:NAME); '*' is each one for itself.", HelpName = "name" };
        var run = new Option<string?>("--run") { Description = "Of this run; '*' is each one for itself.", HelpName = "id" };
        var tokens = new Option<bool>("--tokens") { Description = "Counts tokens, input and output, instead of USD." };
        var period = new Option<string>("--period") { Description = "After what it begins anew (UTC).", DefaultValueFactory = _ => "month", HelpName = "day|week|month|total" };
        period.AcceptOnlyFromAmong("day", "week", "month", "total");
        var soft = new Option<bool>("--soft") { Description = "Only raises alerts, and refuses nothing." };
        var webhook = new Option<string?>("--webhook") { Description = "Where alerts at 80, 90 and 100 % are posted.", HelpName = "address" };
        return new Command("set", "Sets a budget: of the tenant, unless an agent, user or run is named.") { amount, agent, user, run, tokens, period, soft, webhook }
            .Does(terminal, async (invocation, cancellation) =>
            {
                (BudgetScope Scope, string? Subject)[] given =
                [
                    (BudgetScope.Agent, invocation.Get(agent)), (BudgetScope.User, invocation.Get(user)), (BudgetScope.Run, invocation.Get(run)),
                ];
                var named = given.Where(g => g.Subject is not null).ToList();
                if (named.Count > 1)
                {
                    throw new CliFailure(ExitCodes.Usage, "usage", "A budget is of one agent, user or run.", "Set several budgets: a call keeps to all of them.");
                }

                var (scope, subject) = named.Count == 1 ? named[0] : (BudgetScope.Tenant, "");
                var budget = new Budget
                {
                    Scope = scope,
                    Subject = subject,
                    Unit = invocation.Get(tokens) ? BudgetUnit.Tokens : BudgetUnit.Usd,
                    Period = Enum.Parse<BudgetPeriod>(invocation.Get(period)!, ignoreCase: true),
                    Amount = invocation.Get(amount)!,
                    Soft = invocation.Get(soft),
                    WebhookUrl = invocation.Get(webhook) ?? "",
                };
                using var connection = invocation.Connect();
                var call = connection.Budgets.SetBudgetAsync(new SetBudgetRequest { Budget = budget }, connection.Call(cancellation));
                var set = (await CostRefusals.AnswerAsync(call, "minion budget set")).Budget;
                if (invocation.Json)
                {
                    terminal.Document(set);
                }
                else
                {
                    terminal.Out.WriteLine($"{Whose(set)}: {Amount(set, set.Amount)} {Every(set)}{(set.Soft ? ", soft" : "")} ({set.Id})");
                }

                return ExitCodes.Ok;
            });
    }

    private static Command List(Terminal terminal) => new Command("list", "Lists the budgets, with what is used of each in its period.")
        .Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var answer = await connection.Budgets.ListBudgetsAsync(new ListBudgetsRequest(), connection.Call(cancellation));
            if (invocation.Json)
            {
                terminal.Document(answer);
            }
            else
            {
                terminal.Table(["of", "budget", "period", "used", "reserved", "begins anew", "kind", "webhook", "id"], answer.Budgets.SelectMany(Rows), "No budgets.");
            }

            return ExitCodes.Ok;
        });

    private static Command Remove(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "The budget's id; minion budget list shows it." };
        id.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && !Guid.TryParse(given, out _))
            {
                result.AddError($"'{given}' is not the id of a budget; minion budget list shows the ids.");
            }
        });
        return new Command("rm", "Removes a budget.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var call = connection.Budgets.DeleteBudgetAsync(new DeleteBudgetRequest { Id = invocation.Get(id)! }, connection.Call(cancellation));
                await CostRefusals.AnswerAsync(call, "minion budget rm");
                if (invocation.Json)
                {
                    terminal.Document(new DeleteBudgetResponse());
                }
                else
                {
                    terminal.Out.WriteLine("Removed.");
                }

                return ExitCodes.Ok;
            });
    }

    private static IEnumerable<string[]> Rows(Budget budget)
    {
        var uses = budget.Uses.Count > 0 ? budget.Uses.AsEnumerable() : [new BudgetUse { Used = "0", Reserved = "0" }];
        return uses.Select(use => new[]
        {
            budget.Subject == "*" && use.Subject.Length > 0 ? $"{budget.Scope.ToString().ToLowerInvariant()} {use.Subject} (*)" : Whose(budget),
            Amount(budget, budget.Amount), budget.Period.ToString().ToLowerInvariant(), Amount(budget, use.Used), Amount(budget, use.Reserved),
            use.PeriodEndsAt is { } end ? end.ToDateTimeOffset().ToString("yyyy-MM-dd") : "", budget.Soft ? "soft" : "hard",
            budget.WebhookUrl.Length > 0 ? "yes" : "no", budget.Id,
        });
    }

    private static string Whose(Budget budget) => budget.Scope == BudgetScope.Tenant ? "tenant" : $"{budget.Scope.ToString().ToLowerInvariant()} {budget.Subject}";

    private static string Every(Budget budget) => budget.Period == BudgetPeriod.Total ? "in total" : $"a {budget.Period.ToString().ToLowerInvariant()}";

    private static string Amount(Budget budget, string number) => budget.Unit == BudgetUnit.Usd ? $"{Cents(number)} USD" : $"{number} tokens";

    /// <summary>As refusals write it: at least to the cent.</summary>
    private static string Cents(string number) =>
        decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.00##########", CultureInfo.InvariantCulture);

    private static bool IsAmount(string given) =>
        decimal.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= MostAmount;
}
