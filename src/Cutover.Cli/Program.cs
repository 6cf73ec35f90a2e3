using Cutover.Cli.Commands;

return await CutoverCommand.RunAsync(args);
