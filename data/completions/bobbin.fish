# fish completion for bobbin(1)
# SPDX-License-Identifier: GPL-3.0-or-later

function __bobbin_accounts
    bobbin accounts 2>/dev/null
end

function __bobbin_threads
    bobbin threads 2>/dev/null
end

function __bobbin_command -d 'the command of the line, with what follows "accounts"'
    set -l words (commandline -opc)
    set -l found
    for word in $words[2..-1]
        string match -q -- '-*' $word; and continue
        set -a found $word
        test "$found[1]" = accounts -a (count $found) -lt 2; and continue
        break
    end
    string join ' ' $found
end

function __bobbin_in
    set -l command (__bobbin_command)
    contains -- "$command" $argv
end

function __bobbin_accounts_alone
    set -l command (__bobbin_command)
    test "$command" = accounts
end

complete -c bobbin -f
complete -c bobbin -n 'not __bobbin_in demo-server' -s v -l verbose -d 'Tell on standard error what is going on'
complete -c bobbin -s h -l help -d 'Tell how it is used'

# without a command
complete -c bobbin -n '__bobbin_in ""' -l version -d 'Print the version'
complete -c bobbin -n '__bobbin_in ""' -l demo -d 'Try the demo agent in a profile that is thrown away'
complete -c bobbin -n '__bobbin_in ""' -l new -d 'Start a new conversation'
complete -c bobbin -n '__bobbin_in ""' -l quick -d 'Ask a quick question in a small window'
complete -c bobbin -n '__bobbin_in ""' -l thread -x -a '(__bobbin_threads)' -d 'Open this conversation'
complete -c bobbin -n '__bobbin_in ""' -a accounts -d 'List, add, check and remove accounts'
complete -c bobbin -n '__bobbin_in ""' -a ask -d 'Send a message and print the answer'
complete -c bobbin -n '__bobbin_in ""' -a threads -d 'List conversations'
complete -c bobbin -n '__bobbin_in ""' -a show -d 'Print a conversation'
complete -c bobbin -n '__bobbin_in ""' -a search -d 'Look for a text in all conversations'
complete -c bobbin -n '__bobbin_in ""' -a state -d 'What the server keeps with a conversation'
complete -c bobbin -n '__bobbin_in ""' -a metadata -d 'Metadata the server keeps with a conversation'
complete -c bobbin -n '__bobbin_in ""' -a export -d 'Write conversations to a file'
complete -c bobbin -n '__bobbin_in ""' -a import -d 'Take in conversations from a file'
complete -c bobbin -n '__bobbin_in ""' -a demo-server -d 'The demo agent as a server'
complete -c bobbin -n '__bobbin_in ""' -a help -d 'Tell of all commands'

complete -c bobbin -n __bobbin_accounts_alone -l json -d 'Print one JSON object a line'
complete -c bobbin -n __bobbin_accounts_alone -a add -d 'Add an account'
complete -c bobbin -n __bobbin_accounts_alone -a check -d 'Check the connection'
complete -c bobbin -n __bobbin_accounts_alone -a key -d 'Replace the key that is kept'
complete -c bobbin -n __bobbin_accounts_alone -a remove -d 'Forget an account and all of its'

complete -c bobbin -n '__bobbin_in "accounts add"' -l name -x -d 'What to call the account'
complete -c bobbin -n '__bobbin_in "accounts add"' -l service -x -a 'nebelus agentflow entities assistants aibtc' -d 'The service'
complete -c bobbin -n '__bobbin_in "accounts add"' -l base-url -x -d 'Address of the server'
complete -c bobbin -n '__bobbin_in "accounts add"' -l agent -x -d 'The agent to talk with'
complete -c bobbin -n '__bobbin_in "accounts add"' -l transport -x -a 'auto ws sse' -d 'How to talk with the server'
complete -c bobbin -n '__bobbin_in "accounts add"' -l allow-unencrypted -d 'Plain http to a private address'
complete -c bobbin -n '__bobbin_in "accounts add"' -l option -x -d 'An option of the service: KEY=VALUE'
complete -c bobbin -n '__bobbin_in "accounts add"' -l key-stdin -d 'Read the key from standard input'
complete -c bobbin -n '__bobbin_in "accounts add"' -l provider-key-stdin -d "Read the model provider's key from standard input"
complete -c bobbin -n '__bobbin_in "accounts check"' -l account-key-stdin -d 'Read a key for this run only from standard input'
complete -c bobbin -n '__bobbin_in "accounts key"' -l key-stdin -d 'Read the key from standard input'
complete -c bobbin -n '__bobbin_in "accounts key"' -l provider-key-stdin -d "Read the model provider's key from standard input"
complete -c bobbin -n '__bobbin_in "accounts check" "accounts key" "accounts remove"' -a '(__bobbin_accounts)'

complete -c bobbin -n '__bobbin_in ask' -l account -x -a '(__bobbin_accounts)' -d 'The account to use'
complete -c bobbin -n '__bobbin_in ask' -l thread -x -a '(__bobbin_threads)' -d 'Go on with this conversation'
complete -c bobbin -n '__bobbin_in ask' -l new -d 'Begin a new conversation'
complete -c bobbin -n '__bobbin_in ask' -l attach -r -F -d 'Send this file along'
complete -c bobbin -n '__bobbin_in ask' -l output -x -d 'The result of a tool that the agent asks for'
complete -c bobbin -n '__bobbin_in ask' -l approve -x -d 'Approve this tool when the agent asks'
complete -c bobbin -n '__bobbin_in ask' -l reject -d 'Reject what else the agent asks approval for'
complete -c bobbin -n '__bobbin_in ask' -l json -d 'Print one event a line as JSON'
complete -c bobbin -n '__bobbin_in ask' -l account-key-stdin -d 'Read a key for this run only from standard input'

complete -c bobbin -n '__bobbin_in threads' -l account -x -a '(__bobbin_accounts)' -d 'Only the conversations of this account'
complete -c bobbin -n '__bobbin_in threads' -l remote -d 'Ask the server instead of this computer'
complete -c bobbin -n '__bobbin_in threads' -l search -x -d 'Only those the server finds for this'
complete -c bobbin -n '__bobbin_in threads' -l json -d 'Print one JSON object a line'

complete -c bobbin -n '__bobbin_in show' -l format -x -a 'md json html txt' -d 'The form to print it in'
complete -c bobbin -n '__bobbin_in show' -l account -x -a '(__bobbin_accounts)' -d 'The account whose server has it'
complete -c bobbin -n '__bobbin_in show' -l remote -d 'Ask the server instead of this computer'
complete -c bobbin -n '__bobbin_in show state metadata' -a '(__bobbin_threads)'
complete -c bobbin -n '__bobbin_in search' -l account -x -a '(__bobbin_accounts)' -d 'Only the conversations of this account'
complete -c bobbin -n '__bobbin_in search' -l agent -x -d 'Only with this agent'
complete -c bobbin -n '__bobbin_in search' -l label -x -d 'Only the conversations with this label'
complete -c bobbin -n '__bobbin_in search' -l role -x -a 'user assistant system tool' -d 'Only what was said by'
complete -c bobbin -n '__bobbin_in search' -l since -x -d 'Only from this day on'
complete -c bobbin -n '__bobbin_in search' -l until -x -d 'Only up to this day'
complete -c bobbin -n '__bobbin_in search' -l with-files -d 'Only messages with a file or an image'
complete -c bobbin -n '__bobbin_in search' -l in -x -a 'titles text thinking code tools data files' -d 'Only in these'
complete -c bobbin -n '__bobbin_in search' -l limit -x -d 'At most so many'
complete -c bobbin -n '__bobbin_in search' -l json -d 'Print one JSON object a line'
complete -c bobbin -n '__bobbin_in state metadata' -a 'get set clear'
complete -c bobbin -n '__bobbin_in state metadata' -l keep -x -d 'A field that stays when it is cleared'
complete -c bobbin -n '__bobbin_in state metadata' -l account-key-stdin -d 'Read a key for this run only from standard input'

complete -c bobbin -n '__bobbin_in export' -l all -d 'Every conversation'
complete -c bobbin -n '__bobbin_in export' -l backup -d 'The whole profile but the keys'
complete -c bobbin -n '__bobbin_in export' -l format -x -a 'md html txt json' -d 'The form to write it in'
complete -c bobbin -n '__bobbin_in export' -a '(__bobbin_threads)' -F
complete -c bobbin -n '__bobbin_in import' -l account -x -a '(__bobbin_accounts)' -d 'Where conversations go that belong to no account'
complete -c bobbin -n '__bobbin_in import' -l restore -d 'Take all of a backup into this profile'
complete -c bobbin -n '__bobbin_in import' -F

complete -c bobbin -n '__bobbin_in demo-server' -s p -l port -x -d 'Port to listen on'
complete -c bobbin -n '__bobbin_in demo-server' -l key-stdin -d 'Read the key that clients must give from standard input'
