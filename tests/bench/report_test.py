"""The report counts what it should: rounds that have both, undisturbed ones only."""

import unittest

import offers_report
import report

HEADER = ("round,subject,in_flight,operations,seconds,errors,client_cpu_s,server_cpu_s,p50_us,p99_us,calm,"
          "elsewhere,kept")


def sample(number, subject, operations, kept=1, in_flight=64):
    return f'{number},"{subject}",{in_flight},{operations},2.0,0,0.1,0.4,1000,2000,1.0,0.0,{kept}'


def kept_of(*lines):
    return report.read_samples([HEADER, *lines])


class Report(unittest.TestCase):

    def test_a_ratio_is_of_one_round(self):
        kept, rows, discarded = kept_of(
            sample(1, report.SUBMIT, 300), sample(1, report.CALL_QUEUE, 1000),
            sample(2, report.SUBMIT, 100, kept=0), sample(2, report.SUBMIT, 200),
            sample(2, report.CALL_QUEUE, 500),
            sample(3, report.SUBMIT, 900),  # without its peer
            sample(4, report.CALL_QUEUE, 1, kept=0))
        self.assertEqual(report.ratios(kept, (report.SUBMIT, 64), (report.CALL_QUEUE, 64)), [0.3, 0.4])
        self.assertEqual((len(rows), discarded), (7, 2))

    def test_a_target_that_is_missed_is_said_to_be(self):
        for operations, verdict in ((300, "met"), (299, "not met")):
            kept, _, _ = kept_of(sample(1, report.SUBMIT, operations),
                                 sample(1, report.CALL_QUEUE, 1000))
            self.assertIn(f"| 0.30: {verdict} |", "\n".join(report.ratios_table(kept)))

    def test_a_target_that_was_hardly_measured_is_told(self):
        rounds = [line for number in (1, 2, 3) for line in (
            sample(number, report.SUBMIT, 300), sample(number, report.CALL_QUEUE, 1000),
            sample(number, report.STREAM, 600, in_flight=256),
            sample(number, report.GROUP_PLAIN, 1000, kept=int(number == 1)))]
        kept, _, _ = kept_of(*rounds)
        self.assertEqual(report.unseen(kept, 3),
                         ["SubmitSignals at 256 / RocksDB group commit, 7 plain rows at 64"])
        self.assertEqual(report.unseen(kept, 2), [])

    def test_rates_and_processor_time(self):
        kept, _, _ = kept_of(sample(1, report.SUBMIT, 2000), sample(2, report.SUBMIT, 4000),
                             sample(3, report.SUBMIT, 3000))
        self.assertIn("| SubmitSignal | 64 | 1,500 (1,000 to 2,000) | 1.00 2.00 | 33, 133 |",
                      list(report.rates_table(kept)))


class Offers(unittest.TestCase):

    def kept(self, *rates):
        return kept_of(*[sample(number, offers_report.name("SubmitSignal", offers), rate)
                         for number, few_and_many in enumerate(rates, 1)
                         for offers, rate in zip((10, 1000000), few_and_many)])[0]

    def test_a_ratio_is_of_times(self):
        kept = self.kept((1200, 1000), (1000, 1000), (1100, 1000))
        self.assertEqual(list(offers_report.ratios(kept, offers_report.of_time)),
                         [("SubmitSignal", 64, 1000000, [1.2, 1.0, 1.1])])
        (*_, processor), = offers_report.ratios(kept, offers_report.of_processor)
        self.assertEqual([round(value, 6) for value in processor], [1.2, 1.0, 1.1])

    def test_a_target_that_is_missed_is_said_to_be(self):
        for rate, verdict in ((1200, "met"), (1201, "not met")):
            self.assertIn(f"| 1.2: {verdict} |", "\n".join(offers_report.ratios_table(self.kept((rate, 1000)))))

    def test_a_round_in_which_nothing_was_done_says_nothing(self):
        few, many = (offers_report.name("SubmitSignal", offers) for offers in (10, 1000000))
        kept, _, _ = kept_of(sample(1, few, 1000), sample(1, many, 800), sample(2, few, 1000), sample(2, many, 0),
                             sample(3, many, 900))
        self.assertEqual(list(offers_report.ratios(kept, offers_report.of_time)),
                         [("SubmitSignal", 64, 1000000, [1.25])])

    def test_a_target_that_was_hardly_measured_is_told(self):
        kept = self.kept((1, 1), (1, 1))
        self.assertEqual(offers_report.unseen(kept, 4), [])
        self.assertEqual(offers_report.unseen(kept, 5), ["SubmitSignal at 64 among 1000000 offers"])


if __name__ == "__main__":
    unittest.main()
